"""python train/evaluate.py --data ../shared/data/dfdc-faces [--curves FOLDER] [--clips ../shared/clips]

Measure the released variants, as stored, on the validation and test splits, and write the metrics into manifest.json.
With --clips, measure whole clips as the app does; with --record-clips NAME, write that into manifest.json too.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.engines import ENGINES
from explorer.errors import ExplorerError
from explorer.faces import FindFaces, finder_named
from explorer.pipeline import analyse
from explorer.runners import open_runner, released_names
from explorer.scores import clip_p_fake, probabilities
from explorer.structures import Report, Runner
from model_zoo.errors import ZooError
from model_zoo.manifest import RELEASE, read_manifest, write_manifest
from train.curves import write_confusion, write_reliability, write_roc
from train.errors import BadData, BadRun, TrainError
from train.metrics import Measures, measures, measures_of_p_fake, score_items
from train.sources import CLASSES, FAKE, REAL, Item, read_face_parquet

SPLITS = ("validation", "test")
PER_CLIP = "_clips"  # appended to a split's name: its frames averaged per video
CLIP_FRAMES = 32
CLIP_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")


def score_split(runner: Runner, items: Sequence[Item]) -> tuple[np.ndarray, np.ndarray]:
    """Labels (N,), 1 = fake, and the runner's logits (N,). Raises BadData where a crop is corrupt."""
    logits = score_items(lambda crops: runner.run(crops)[0], items, runner.input_size)
    return np.array([item.label for item in items]), logits


def measure_split(split: str, items: Sequence[Item], logits: np.ndarray, threshold: float) -> dict[str, Measures]:
    """{split: measures of the items}, and of its clips under `<split>_clips` where one has several items.

    A clip is the items of one video with one label and one category: data sets of manipulations give the same name
    to each manipulation of a video. Its p_fake is the mean over its items, as in serving.
    """
    labels = np.array([item.label for item in items])
    categories = [item.category or CLASSES[item.label] for item in items]
    found = {split: measures(labels, logits, threshold, categories)}
    clips: dict[tuple[str, int, str], list[float]] = {}
    keys = [(item.video, item.label, category) for item, category in zip(items, categories, strict=True)]
    for key, p_fake in zip(keys, probabilities(logits), strict=True):
        clips.setdefault(key, []).append(float(p_fake))
    if len(clips) < len(items):
        p_clips = np.array([clip_p_fake(np.array(of)) for of in clips.values()])
        clip_labels = np.array([label for _, label, _ in clips])
        found[split + PER_CLIP] = measures_of_p_fake(clip_labels, p_clips, threshold, [kind for *_, kind in clips])
    return found


def labelled_clips(folder: Path) -> list[tuple[Path, int]]:
    """The clips of a folder with their labels: of `real/` and `fake/` inside it, or else by `real` or `fake` in the name.

    Raises BadData where the folder is missing, a name says neither or both, or there are clips of one class only.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise BadData(f"{folder} is no folder; name one of clips with --clips")
    subfolders = [(folder / name, label) for label, name in enumerate(CLASSES) if (folder / name).is_dir()]
    if subfolders:
        found = [(clip, label) for inside, label in subfolders for clip in _clips_in(inside)]
    else:
        found = [(clip, label_in_name(clip)) for clip in _clips_in(folder)]
    if {label for _, label in found} != {REAL, FAKE}:
        raise BadData(f"{folder} holds {len(found)} clips, not real and fake ones ({', '.join(CLIP_SUFFIXES)})")
    return found


def _clips_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in CLIP_SUFFIXES)


def label_in_name(path: Path) -> int:
    """The label that a clip's name tells. Raises BadData unless it says either `real` or `fake`."""
    said = [label for label, name in enumerate(CLASSES) if name in path.stem.lower()]
    if len(said) != 1:
        raise BadData(f"{path.name} does not say in its name whether it is real or fake; rename it, or use subfolders")
    return said[0]


def measure_clips(
    clips: Sequence[tuple[Path, int]], runners: Mapping[str, Runner], find_faces: FindFaces
) -> dict[str, Measures]:
    """Every runner's measures on whole clips, by name; `no_face` counts those left out because none shows a face.

    Raises BadRun where a variant fails, UnreadableClip or ClipTooLarge for a clip, BadData where one class is left.
    """
    opened = {name: lambda runner=runner: runner for name, runner in runners.items()}
    labels, scored = [], []  # scored: {variant: p_fake} a clip
    for path, label in clips:
        *_, report = analyse(path, opened, find_faces, frames=CLIP_FRAMES)
        if report.faces:
            labels.append(label)
            scored.append(_p_fake_of(report))
    if not scored:
        raise BadData(f"none of {len(clips)} clips shows a face; there is nothing to measure")
    found = {}
    for name, runner in runners.items():
        p_fake = np.array([by_variant[name] for by_variant in scored])
        found[name] = measures_of_p_fake(np.array(labels), p_fake, runner.threshold)
        found[name]["no_face"] = len(clips) - len(scored)
    return found


def _p_fake_of(report: Report) -> dict[str, float]:
    if report.errors:
        error = report.errors[0]
        raise BadRun(f"{error.variant} failed on {report.clip.name}: {error.message}")
    return {result.name: result.p_fake for result in report.variants}


def record(name: str, found: Mapping[str, Measures], release: Path) -> None:
    """Put the measures into manifest.json; other ones stay, but for clip measures of a split that is measured anew."""
    manifest = read_manifest(release)
    stale = {split + PER_CLIP for split in found}
    kept = {split: values for split, values in manifest[name].metrics.items() if split not in stale}
    metrics = kept | {split: rounded(values) for split, values in found.items()}
    write_manifest(manifest.with_variant(replace(manifest[name], metrics=metrics)), release)


def rounded(found: Measures) -> Measures:
    """The measures with six digits after the point, which a few thousand items do not exceed."""
    return {key: rounded(value) if isinstance(value, dict) else round(value, 6) for key, value in found.items()}


def print_row(name: str, split: str, found: Measures) -> None:
    """One line of the table; categories follow on lines of their own."""
    numbers = "  ".join(f"{key} {value:.4g}" for key, value in found.items() if not isinstance(value, dict))
    print(f"{name:18} {split:16} {numbers}")
    for category, values in found.get("per_category", {}).items():
        print(f"{'':18} {'  ' + category:16} items {values['items']}  accuracy {values['accuracy']:.4g}")


def write_curves(
    folder: Path, scored: Mapping[str, tuple[np.ndarray, np.ndarray]], runners: Mapping[str, Runner]
) -> None:
    """`roc.png` of all variants, and of each its confusion matrix and reliability, from labels and logits by name."""
    write_roc(folder / "roc.png", scored)
    for name, (labels, logits) in scored.items():
        write_confusion(folder / f"{name}-confusion.png", labels, logits, runners[name].threshold)
        write_reliability(folder / f"{name}-reliability.png", labels, logits)


def evaluate_splits(data: Path, runners: Mapping[str, Runner], release: Path, curves: Path | None = None) -> None:
    """Measure every runner on both splits, record and print it; nothing is chosen here. Raises BadData."""
    splits = {split: read_face_parquet(data, split) for split in SPLITS}
    tested = {}
    for name, runner in runners.items():
        found = {}
        for split, items in splits.items():
            labels, logits = score_split(runner, items)
            found |= measure_split(split, items, logits, runner.threshold)
            if split == "test":
                tested[name] = labels, logits
        record(name, found, release)
        for split, values in found.items():
            print_row(name, split, values)
    if curves:
        write_curves(curves, tested, runners)


def evaluate_clips(clips: Path, runners: Mapping[str, Runner], release: Path, record_as: str | None) -> None:
    """Measure every runner on a folder of clips and print it; record it only under a name that was asked for."""
    for name, values in measure_clips(labelled_clips(clips), runners, finder_named("mtcnn")).items():
        print_row(name, record_as or "clips", values)
        if record_as:
            record(name, {record_as: values}, release)


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line; ends the program where options do not go together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with validation.parquet and test.parquet")
    parser.add_argument("--variant", action="append", help="a released variant; all of them by default")
    parser.add_argument("--engine", choices=("auto", *ENGINES), default="auto", help="auto: the fastest installed")
    parser.add_argument("--curves", type=Path, metavar="FOLDER", help="write ROC, confusion and reliability PNGs there")
    parser.add_argument("--clips", type=Path, metavar="FOLDER", help="clips in real/ and fake/, or so named")
    parser.add_argument("--record-clips", metavar="NAME", help="write what --clips measures as NAME")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args(argv)
    if not (args.data or args.clips):
        parser.error("give --data, --clips or both")
    if args.curves and not args.data:
        parser.error("--curves are drawn from the test split: give --data")
    if args.record_clips and not args.clips:
        parser.error("--record-clips needs --clips")
    if args.record_clips in (*SPLITS, *(split + PER_CLIP for split in SPLITS)):
        parser.error(f"--record-clips {args.record_clips} is the name of a split; choose another")
    return args


def main(argv: Sequence[str] | None = None) -> None:
    args = parsed(argv)
    try:
        names = args.variant or released_names(args.release)
        runners = {name: open_runner(name, args.engine, args.release) for name in names}
        if args.data:
            evaluate_splits(args.data, runners, args.release, args.curves)
        if args.clips:
            evaluate_clips(args.clips, runners, args.release, args.record_clips)
    except (TrainError, ZooError, ExplorerError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
