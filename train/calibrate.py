"""python train/calibrate.py --data ../shared/data/dfdc-faces --elsewhere ../shared/data [--variant lite0_kd]

Calibrate released variants for use: scale their logits so that p_fake means what it says on the validation split and on
the calibration group's clips, and set the threshold at which at most 5 % of either's real ones are called fake, and the
uncertain band. int8 variants, all of whose convolutions are int8, are quantized again from their calibrated twins;
published weights keep their logits. Variants that judge slices are calibrated on the slices of other people
that --tubes names, and need neither of the others. Measure the release anew afterwards: train/evaluate.py.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.inference.runners import open_runner
from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.variants import IMPORTED, VARIANTS
from train.cli import run_command
from train.dataset.clips import read_clips
from train.dataset.groups import CALIBRATION
from train.dataset.items import read_face_parquet
from train.dataset.tubes import read_tubes
from train.evaluation.calibration import Scaling, Scored
from train.evaluation.measure import score_split
from train.release.recalibration import Calibration, calibration_of, recalibrate, score_sets


def calibrate_slices(tubes: Path, names: Sequence[str] | None, release: Path) -> None:
    """Calibrate the variants of these names (all: None) that judge slices. Raises TrainError or ZooError."""
    manifest = read_manifest(release)
    judged = read_tubes(tubes).judged
    labels = np.array([tube.label for tube in judged])
    for name in names or [name for name in manifest.variants if VARIANTS[name].clip_length > 1]:
        _, logits = score_split(open_runner(name, "auto", release), judged)
        found = calibration_of((Scored(labels, np.split(logits, len(labels))),), (1.0,))
        recalibrate(name, found, release)
        print(told(name, found))


def told(name: str, found: Calibration) -> str:
    """A calibration in a line."""
    scaling, (low, high) = found.scaling, found.uncertain
    return (
        f"{name}: logits x {scaling.slope:.4f} {scaling.offset:+.4f}, threshold {found.threshold:.4f}, "
        f"uncertain from {low:.3f} to {high:.3f}"
    )


def calibrate(data: Path, elsewhere: Path, names: Sequence[str] | None, release: Path, share: float) -> None:
    """Calibrate the float variants of these names (all: None) and name the int8 ones of them. Raises TrainError."""
    manifest = read_manifest(release)
    released = [manifest[name].name for name in names or manifest.variants]
    floats = [name for name in released if VARIANTS[name].precision != "int8" and VARIANTS[name].clip_length == 1]
    validation, clips = read_face_parquet(data, "validation"), read_clips(elsewhere, (CALIBRATION,))
    sets = score_sets({name: open_runner(name, "auto", release) for name in floats}, validation, clips)
    for name in floats:
        twins = [
            row.name
            for row in manifest.variants.values()
            if row.training.get("quantized_from") == name and row.training.get("sha256") == manifest[name].sha256
        ]
        published = Scaling() if VARIANTS[name].weights == IMPORTED else None  # as their authors left them
        found = calibration_of(sets[name], (1 - share, share), published)
        recalibrate(name, found, release)
        print(told(name, found))
        if twins:
            print(
                f"  to be quantized again, after train/evaluate.py: train/build_zoo.py --only {' --only '.join(twins)}"
            )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with validation.parquet")
    parser.add_argument("--elsewhere", type=Path, help="folder with clips-faces and live-swaps.parquet")
    parser.add_argument("--tubes", type=Path, metavar="PARQUET", help="slices, for variants that judge several frames")
    parser.add_argument("--variant", action="append", help="a released float variant; all of them by default")
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--share", type=float, default=0.0, help="of the clips from elsewhere in scaling and band")
    args = parser.parse_args(argv)
    if args.tubes:
        run_command(lambda: calibrate_slices(args.tubes, args.variant, args.release))
    elif not (args.data and args.elsewhere):
        parser.error("give --data and --elsewhere, or --tubes")
    else:
        run_command(lambda: calibrate(args.data, args.elsewhere, args.variant, args.release, args.share))


if __name__ == "__main__":
    main()
