"""python train/evaluate.py [--data ../shared/data/dfdc-faces] [--elsewhere ../shared/data] [--latency] [--clips FOLDER]

Measure the released variants, as stored, and write that into manifest.json:
--tubes      of variants that judge slices, those of other people, and as the test those of held-out sources
--data       of the others, the splits validation and test, and what corruptions cost on a subset of the test split
--elsewhere  clips of other sources in three groups, by kind of forgery; the held-out group is what counts
--latency    what a face costs on this processor
--clips      whole clips as the app does; written into manifest.json under --record-clips NAME alone
--guest      instead of the variants a guest, user/model@revision or a .toml (docs/guests.md), kept beside its files
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.corruptions import CORRUPTIONS
from explorer.faces.finders import finder_named
from explorer.guests.opening import open_guest
from explorer.inference.engines import ENGINES
from explorer.inference.runners import open_runner
from explorer.limits import MAX_GUEST_BYTES
from explorer.structures import Runner
from explorer.verdicts import probabilities
from model_zoo.errors import BadGuest
from model_zoo.guest import SCORES, Guest
from model_zoo.guests.admission import GUESTS_FILE, admit
from model_zoo.guests.declared import declared_guests
from model_zoo.guests.measured import open_record
from model_zoo.hub import CACHE
from model_zoo.manifest import CORRUPTED, ELSEWHERE, LATENCY, RELEASE, read_manifest
from model_zoo.metrics import Measures
from model_zoo.variants import VARIANTS
from train.cli import run_command
from train.dataset.clips import CLIP_FILES, Clip, read_clips
from train.dataset.groups import GROUPS, HELD_OUT
from train.dataset.items import Item, read_face_parquet
from train.dataset.tubes import Tube, clips_of, read_tubes
from train.evaluation.curves import write_confusion, write_reliability, write_roc
from train.evaluation.elsewhere import group_line, measure_group, metrics_key, one_class_sources, scope_of
from train.evaluation.measure import (
    PER_CLIP,
    flips,
    labelled_clips,
    measure_clips,
    measure_latencies,
    measure_split,
    record,
    score_split,
)
from train.evaluation.pooling import pooling_lines
from train.evaluation.robustness import fixed_subset, measure_corruptions
from train.evaluation.scores import score_clips, score_crops

SPLITS = ("validation", "test")
TAKEN = (LATENCY, CORRUPTED, *SPLITS, *(split + PER_CLIP for split in SPLITS))  # names of measurements


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


def evaluate_splits(
    splits: Mapping[str, Sequence[Item | Tube]],
    runners: Mapping[str, Runner],
    release: Path,
    curves: Path | None = None,
    twins: Mapping[str, Runner] = MappingProxyType({}),
) -> None:
    """Measure every runner on every split, record and print it; nothing is chosen here. Raises BadData.

    With `curves`, pictures of the split `test` go into that folder. `twins` are the float runners of int8 variants.
    Every crop is read and scored before a first measure is recorded: bad data leave the manifest as it was.
    """
    known = {id(runner): name for name, runner in runners.items()}
    names = {name: known.get(id(twin), f"twin of {name}") for name, twin in twins.items()}
    everyone = dict(runners) | {names[name]: twin for name, twin in twins.items()}
    scored = {split: score_crops(everyone, [item.pixels for item in items]) for split, items in splits.items()}
    tested = {}
    for split, logits in scored.items():
        items = splits[split]
        for name, runner in runners.items():
            found = measure_split(split, items, logits[name], runner.threshold)
            if name in twins:
                found[split]["flips"] = flips(logits[name], logits[names[name]], runner.threshold)
            record(name, found, release)
            for part, values in found.items():
                print_row(name, part, values)
        tested = {name: (np.array([item.label for item in items]), logits[name]) for name in runners}
    if curves:
        write_curves(curves, tested, runners)


def evaluate_corruptions(items: Sequence[Item], runners: Mapping[str, Runner], release: Path) -> None:
    """Measure what corruptions cost every runner on a fixed subset of the items, record and print it."""
    for name, measured in measure_corruptions(runners, fixed_subset(items)).items():
        record(name, {CORRUPTED: measured}, release)
        for corruption in CORRUPTIONS:
            of = measured[corruption]
            print(f"{name:18} {corruption:11} AUC {of['auc']:.4f}, lost {of['auc_lost']:.4f}, ", end="")
            print(f"p_fake moves by {of['median_move']:.3f} (95 %: {of['p95_move']:.3f})")


def evaluate_elsewhere(
    clips: Sequence[Clip], runners: Mapping[str, Runner], release: Path, poolings: bool = False
) -> None:
    """Measure every runner on the clips of each group, record and print it, and the scope that the held-out one allows.

    With `poolings`, also print how other poolings of frames than the mean would do on the other two groups.
    """
    logits = score_clips(runners, clips)
    for group in GROUPS:
        places = [place for place, clip in enumerate(clips) if clip.group == group]
        members = [clips[place] for place in places]
        if left_out := one_class_sources(members):
            print(f"{group}: {', '.join(left_out)} of one class: left out of every AUC, kept in false alarms")
        for name, runner in runners.items():
            p_fake = np.array([probabilities(logits[name][place]).mean() for place in places])
            measured = measure_group(members, p_fake, runner.threshold)
            scope = {"scope": scope_of(measured)} if group == HELD_OUT else {}
            record(name, {metrics_key(group): measured}, release, **scope)
            print(f"{name:18} {group:12} {group_line(measured)}")
            if poolings and group != HELD_OUT:
                print("\n".join(pooling_lines(name, group, members, [logits[name][place] for place in places])))


def evaluate_slices(tubes: Sequence[Tube], runners: Mapping[str, Runner], release: Path) -> None:
    """Measure clips of held-out sources by their slices, by kind of forgery, and record the scope; nothing where the
    kinds are not known."""
    if not all(tube.family for tube in tubes):
        return
    clips, places = clips_of(tubes)
    for name, runner in runners.items():
        p_fake = probabilities(score_split(runner, tubes)[1])
        means = np.array([p_fake[places == place].mean() for place in range(len(clips))])
        measured = measure_group(clips, means, runner.threshold)
        record(name, {metrics_key(HELD_OUT): measured}, release, scope=scope_of(measured))
        print(f"{name:18} {HELD_OUT:12} {group_line(measured)}")


def evaluate_latency(runners: Mapping[str, Runner], release: Path) -> None:
    """Time every runner on this processor, record and print it."""
    for name, cost in measure_latencies(runners).items():
        record(name, {LATENCY: cost}, release)
        print(f"{name:18} {cost['median_ms']:.2f} ms per face (IQR {cost['iqr_ms']:.2f}) on {cost['engine']}")


def evaluate_clips(
    clips: Sequence[tuple[Path, int]], runners: Mapping[str, Runner], release: Path, record_as: str | None
) -> None:
    """Measure every runner on labelled clips and print it; record it only under a name that was asked for."""
    for name, values in measure_clips(clips, runners, finder_named("mtcnn")).items():
        print_row(name, record_as or "clips", values)
        if record_as:
            record(name, {record_as: values}, release)


def parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line; ends the program where options do not go together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with validation.parquet and test.parquet")
    parser.add_argument("--tubes", type=Path, metavar="PARQUET", help="slices, for variants that judge several frames")
    parser.add_argument("--variant", action="append", help="a released variant; all of them by default")
    parser.add_argument("--guest", action="append", default=[], help="user/model@revision, or a .toml of guests")
    parser.add_argument("--engine", choices=("auto", *ENGINES), default="auto", help="auto: the fastest installed")
    parser.add_argument("--curves", type=Path, metavar="FOLDER", help="write ROC, confusion and reliability PNGs there")
    parser.add_argument("--elsewhere", type=Path, metavar="FOLDER", help=f"folder with {' and '.join(CLIP_FILES)}")
    parser.add_argument("--poolings", action="store_true", help="compare poolings of a clip's frames on --elsewhere")
    parser.add_argument("--latency", action="store_true", help="time a face")
    parser.add_argument("--clips", type=Path, metavar="FOLDER", help="clips in real/ and fake/, or so named")
    parser.add_argument("--record-clips", metavar="NAME", help="write what --clips measures as NAME")
    parser.add_argument("--release", type=Path, default=RELEASE)
    args = parser.parse_args(argv)
    if not (args.data or args.tubes or args.elsewhere or args.clips or args.latency):
        parser.error("give --data, --tubes, --elsewhere, --clips or --latency")
    if args.curves and not args.data:
        parser.error("--curves are drawn from the test split: give --data")
    if args.record_clips and not args.clips:
        parser.error("--record-clips needs --clips")
    if args.record_clips in TAKEN or (args.record_clips or "").startswith(ELSEWHERE):
        parser.error(f"--record-clips {args.record_clips} is the name of another measurement; choose another")
    return args


def evaluate(args: argparse.Namespace) -> None:
    """What the command line asks for; data and names are checked before any model is opened."""
    guests = [guest for text in args.guest for guest in guests_named(text)]
    manifest = read_manifest(args.release)
    names = [] if guests else [manifest[name].name for name in args.variant or manifest.variants]
    splits = {split: read_face_parquet(args.data, split) for split in SPLITS} if args.data else {}
    elsewhere = read_clips(args.elsewhere) if args.elsewhere else []
    clips = labelled_clips(args.clips) if args.clips else []
    every = {name: open_runner(name, args.engine, args.release) for name in names}
    of_slices = {name: runner for name, runner in every.items() if runner.clip_length > 1}
    opened = {name: runner for name, runner in every.items() if name not in of_slices}
    measured = [({guest.name: open_guest(guest, args.engine)}, open_record(guest, CACHE)) for guest in guests]
    if args.tubes:
        slices = read_tubes(args.tubes)
        evaluate_splits({"validation": slices.judged, "test": slices.held_out}, of_slices, args.release, None, {})
        evaluate_slices(slices.held_out, of_slices, args.release)
    for runners, release in measured or [(opened, args.release)]:
        if splits and runners:
            int8 = [name for name in runners if name in VARIANTS and VARIANTS[name].precision == "int8"]
            twins = {name: open_runner(VARIANTS[name].float_name, args.engine, release) for name in int8}
            evaluate_splits(splits, runners, release, args.curves, twins)
            evaluate_corruptions(splits["test"], runners, release)
        if elsewhere and runners:
            evaluate_elsewhere(elsewhere, runners, release, args.poolings)
        everyone = dict(runners) | (of_slices if not measured else {})
        if args.latency:
            evaluate_latency(everyone, release)
        if clips:
            evaluate_clips(clips, everyone, release, args.record_clips)


def guests_named(text: str) -> tuple[Guest, ...]:
    """Guests to be measured, fetched and checked. Raises BadGuest for the first that cannot be, or has no network."""
    guests, refused = admit(declared_guests(text, GUESTS_FILE), CACHE, MAX_GUEST_BYTES)
    for each in refused:
        raise BadGuest(f"guest {each.name}: {each.why}")
    for guest in guests:
        if guest.form == SCORES:
            raise BadGuest(f"guest {guest.name}: scores from elsewhere cannot be measured here")
    return guests


def main(argv: Sequence[str] | None = None) -> None:
    args = parsed(argv)
    run_command(lambda: evaluate(args))


if __name__ == "__main__":
    main()
