"""python train/build_dataset.py --layout faceforensics --root FOLDER --out FOLDER

Turn a data set of clips into the face crops that training reads: train, validation and test.parquet. Stop it at any
time and run it again: it goes on where it was. A clip over the limits that serving publishes counts as unreadable;
EXPLORER_MAX_BYTES, EXPLORER_MAX_SECONDS and EXPLORER_MAX_PIXELS raise them. With --tubes it cuts slices of 15
consecutive crops instead, 21 of a real clip and 5 of a fake one, into tubes.parquet; that is not resumed.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.batch.cluster import Cluster
from explorer.errors import InvalidRequest
from explorer.faces.crops import CROP_SIDE
from explorer.faces.finders import finder_named
from model_zoo.files import write_atomically
from train.dataset.extraction import COLUMNS, JPEG_QUALITY, Detect, Part, Quality, Settings, extract_crops, part_path
from train.dataset.layouts import COMPRESSION, LAYOUTS, Clip, faceforensics
from train.dataset.sampling import SAMPLINGS
from train.dataset.splits import LEFT_OUT, SPLITS, WHY_LEFT_OUT, assign_splits, check_classes
from train.dataset.tube_extraction import write_tubes
from train.errors import BadData

MERGED = 256  # parts that are written as one row group


def keep_settings(out: Path, facts: dict) -> None:
    """Note the settings beside the parts. Raises BadData where earlier parts were made with other ones."""
    path = out / "settings.json"
    facts = json.loads(json.dumps(facts))  # as they will be read
    if not path.exists():
        (out / "parts").mkdir(parents=True, exist_ok=True)
        write_json(path, facts)
        return
    try:
        earlier = json.loads(path.read_text())
    except ValueError as error:
        raise BadData(f"{path} is damaged ({error}); choose another --out, or delete the folder") from error
    differing = [key for key in facts if earlier.get(key) != facts[key]]
    if differing:
        changes = ", ".join(f"{key} {earlier.get(key)} -> {facts[key]}" for key in differing)
        raise BadData(f"{out} was begun with other settings ({changes}); choose another --out, or the settings it has")


def write_json(path: Path, facts: dict) -> None:
    """Write whole or not at all."""
    with write_atomically(path) as partial:
        partial.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def at_most(splits: dict[str, list[Clip]], limit: int | None) -> list[Clip]:
    """The clips of the three splits, or `limit` of them, taken in turn from each split and label."""
    clips = [clip for split in SPLITS for clip in splits[split]]
    piles = defaultdict(list)
    for clip in clips:
        piles[clip.split, clip.label].append(clip)
    in_turn = [clip for row in zip_longest(*piles.values()) for clip in row if clip]
    return clips if limit is None else in_turn[:limit]


def merge(out: Path, parts: Iterable[Part]) -> None:
    """Write `<out>/<split>.parquet` from the parts, ordered by clip. Raises BadData where a split lacks a class."""
    by_split = defaultdict(list)
    for part in sorted((part for part in parts if part.kept), key=lambda part: part.clip.name):
        by_split[part.clip.split].append(part)
    for split in SPLITS:
        counts: Counter[int] = Counter()
        for part in by_split[split]:
            counts[part.clip.label] += part.kept
        check_classes(split, counts, f"{out / 'summary.json'} says what was dropped and why")
    for split in SPLITS:
        with (
            write_atomically(out / f"{split}.parquet") as partial,
            parquet.ParquetWriter(partial, COLUMNS, compression="none") as writer,
        ):
            paths = [part_path(out / "parts", part.clip) for part in by_split[split]]
            for start in range(0, len(paths), MERGED):
                tables = [parquet.read_table(path, schema=COLUMNS) for path in paths[start : start + MERGED]]
                writer.write_table(pa.concat_tables(tables))


def summary_of(parts: Sequence[Part], left_out: int) -> dict:
    """Crops kept per split and category, faces dropped per category and reason, clips left out, and unreadable ones."""
    kept: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    dropped: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for part in sorted(parts, key=lambda part: (SPLITS.index(part.clip.split), part.clip.category)):
        kept[part.clip.split][part.clip.category] += part.kept
        dropped[part.clip.category].update(part.dropped)
    unreadable = {part.clip.name: part.unreadable for part in parts if part.unreadable}
    left = {WHY_LEFT_OUT: left_out} if left_out else {}
    return {"kept": kept, "dropped": dropped, "left_out": left, "unreadable": dict(sorted(unreadable.items()))}


def build(
    clips: Sequence[Clip],
    out: Path,
    settings: Settings,
    workers: int = 1,
    limit: int | None = None,
    detect: Detect | None = None,
    source: dict | None = None,
    cluster: Cluster | None = None,
) -> dict:
    """Harvest the clips into `out` and return the summary, which is written there too.

    `source` says where the clips are from, as further settings; `detect` stands in for the named finder. Raises BadData
    where `out` holds parts made otherwise, or where a class ends up empty; OSError where the disk is full.
    """
    splits = assign_splits(clips, settings.seed)
    chosen = at_most(splits, limit)
    keep_settings(out, (source or {}) | asdict(settings) | {"crop_side": CROP_SIDE, "jpeg_quality": JPEG_QUALITY})
    bar = tqdm(extract_crops(chosen, settings, out / "parts", workers, detect, cluster), total=len(chosen), unit="clip")
    parts = list(bar)
    summary = summary_of(parts, len(splits[LEFT_OUT]))
    write_json(out / "summary.json", summary)
    merge(out, parts)
    return summary


def format_summary(summary: dict) -> str:
    """The summary for people."""
    lines = []
    for split, counts in summary["kept"].items():
        lines.append(f"{split}: {sum(counts.values())} crops; " + ", ".join(f"{k} {n}" for k, n in counts.items()))
    for category, reasons in summary["dropped"].items():
        lines.append(f"dropped of {category}: " + (", ".join(f"{n} {why}" for why, n in reasons.items()) or "nothing"))
    lines += [f"clips left out: {count} ({why})" for why, count in summary["left_out"].items()]
    lines.append(f"unreadable clips: {len(summary['unreadable'])}")
    return "\n".join(lines + [f"  {message}" for message in summary["unreadable"].values()])


def above_zero(kind: type) -> Callable[[str], float]:
    """An argparse type: a number of that kind, above 0."""

    def number(text: str) -> float:
        if (value := kind(text)) <= 0:
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    number.__name__ = kind.__name__  # argparse names it where the text is no number
    return number


def parsed() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layout", required=True, choices=LAYOUTS, help="how the data set lies on disk")
    parser.add_argument("--root", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--out", type=Path, required=True, help="folder for the crops")
    parser.add_argument("--compression", default=COMPRESSION, help="faceforensics only: c23, c40 or raw")
    parser.add_argument("--finder", default="mtcnn", choices=("mtcnn", "haar"))
    parser.add_argument("--sampling", default="every-30", choices=SAMPLINGS, help="frames per real and fake clip")
    parser.add_argument(
        "--margin", type=above_zero(float), default=1.0, help="scales the face box; serving cuts with 1.0"
    )
    parser.add_argument("--smallest", type=float, default=Quality.smallest, help="width of a face box, pixels")
    parser.add_argument("--confidence", type=float, default=Quality.confidence, help="least of MTCNN; Haar has none")
    parser.add_argument("--sharpness", type=float, default=Quality.sharpness, help="least variance of the Laplacian")
    parser.add_argument("--tubes", action="store_true", help="slices of consecutive crops in place of single ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=above_zero(int), default=os.cpu_count() or 1, help="processes")
    parser.add_argument(
        "--cluster", action="store_true", help="by Ray, with --workers actors; --out lies where all see it"
    )
    parser.add_argument("--address", help="a running Ray cluster, such as auto or ray://head:10001; implies --cluster")
    parser.add_argument("--cores", type=above_zero(int), help="of each actor; by default this machine's, shared out")
    parser.add_argument(
        "--limit", type=above_zero(int), help="at most so many clips, for a try; a later run can take more"
    )
    return parser.parse_args()


def main() -> None:
    args = parsed()
    source = {"layout": args.layout, "root": str(args.root.resolve())}
    quality = Quality(args.smallest, args.confidence, args.sharpness)
    settings = Settings(args.finder, args.sampling, args.margin, args.seed, quality)
    try:
        if args.layout == "faceforensics":
            source["compression"] = args.compression
            clips = faceforensics(args.root, args.compression)
        else:
            clips = LAYOUTS[args.layout](args.root)
        if args.tubes:
            splits = at_most(assign_splits(clips, args.seed), args.limit)
            args.out.mkdir(parents=True, exist_ok=True)
            counts = write_tubes(splits, args.layout, args.out / "tubes.parquet", finder_named(args.finder))
            print(", ".join(f"{count} {what}" for what, count in counts.items()))
            return
        cluster = Cluster(args.workers, args.cores, args.address) if args.cluster or args.address else None
        summary = build(clips, args.out, settings, args.workers, args.limit, source=source, cluster=cluster)
        print(format_summary(summary))
    except (BadData, InvalidRequest) as error:
        sys.exit(f"error: {error}")
    except (OSError, BrokenProcessPool) as error:
        sys.exit(f"error: stopped ({error}); the finished parts in {args.out} are kept, run the same command to resume")
    except KeyboardInterrupt:
        sys.exit(f"stopped; the finished parts in {args.out} are kept, run the same command to resume")


if __name__ == "__main__":
    main()
