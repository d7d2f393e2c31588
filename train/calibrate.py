"""python train/calibrate.py --data ../shared/data/dfdc-faces --elsewhere ../shared/data [--variant lite0_kd]

Calibrate released variants for use: scale their logits so that p_fake means what it says on the validation split and on
the calibration group's clips, and set the threshold at which at most 5 % of either's real ones are called fake, and the
uncertain band. int8 variants follow their float twins;
published weights keep their logits. Measure the release anew afterwards: train/evaluate.py.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.inference.runners import open_runner
from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.variants import IMPORTED, VARIANTS
from train.cli import run_command
from train.dataset.clips import read_clips
from train.dataset.groups import CALIBRATION
from train.dataset.items import read_face_parquet
from train.evaluation.calibration import Scaling
from train.release.recalibration import calibration_of, recalibrate, recalibrate_int8, score_sets


def calibrate(data: Path, elsewhere: Path, names: Sequence[str] | None, release: Path, share: float) -> None:
    """Calibrate the float variants of these names (all: None) and the int8 ones made from them. Raises TrainError."""
    manifest = read_manifest(release)
    released = [manifest[name].name for name in names or manifest.variants]
    floats = [name for name in released if VARIANTS[name].precision != "int8"]
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
        for twin in twins:
            recalibrate_int8(twin, found, release)
        scaling, (low, high) = found.scaling, found.uncertain
        print(f"{name}: logits x {scaling.slope:.4f} {scaling.offset:+.4f}, threshold {found.threshold:.4f}, ", end="")
        print(f"uncertain from {low:.3f} to {high:.3f}; likewise {', '.join(twins) or 'no int8'}")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.parquet")
    parser.add_argument("--elsewhere", type=Path, required=True, help="folder with clips-faces and live-swaps.parquet")
    parser.add_argument("--variant", action="append", help="a released float variant; all of them by default")
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--share", type=float, default=0.5, help="of the clips from elsewhere in scaling and band")
    args = parser.parse_args(argv)
    run_command(lambda: calibrate(args.data, args.elsewhere, args.variant, args.release, args.share))


if __name__ == "__main__":
    main()
