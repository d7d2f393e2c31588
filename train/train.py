"""python train/train.py --variant lite0 --data ../shared/data/dfdc-faces --trunk ../shared/weights/efficientnet_lite0_in1k.safetensors

Train a variant and put its best weights into the release; run it again to resume.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `python train/train.py` puts train/ on the path, not the root

from model_zoo.detector import Detector
from model_zoo.factory import build, variant_named
from model_zoo.manifest import RELEASE
from train.loop import start_run, train
from train.recipes import RECIPES
from train.release import put_into_release
from train.sources import read_face_parquet


def load_trunk(detector: Detector, path: Path) -> None:
    """Start from an ImageNet trunk; squeeze-excite layers and the classifier, absent there, keep their random start."""
    outcome = detector.network.load_state_dict(load_file(path), strict=False)
    unexpected = [key for key in outcome.missing_keys if ".se." not in key and not key.startswith("classifier")]
    if unexpected or outcome.unexpected_keys:
        raise SystemExit(f"{path} does not fit: missing {unexpected[:3]}, unexpected {outcome.unexpected_keys[:3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", required=True, choices=RECIPES)
    parser.add_argument("--data", type=Path, required=True, help="folder with train, validation and test.parquet")
    parser.add_argument("--trunk", type=Path, help="ImageNet trunk as safetensors; without it the start is random")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="torch.compile: twice as fast on a CPU, needs a C++ compiler")
    args = parser.parse_args()

    recipe, variant = RECIPES[args.variant], variant_named(args.variant)
    torch.manual_seed(recipe.seed)
    detector = build(variant)
    if args.trunk:
        load_trunk(detector, args.trunk)
    run = start_run(recipe, detector, args.checkpoints / variant.name)
    items, validation = (read_face_parquet(args.data, split) for split in ("train", "validation"))
    train(run, items, validation, variant.input_size, workers=args.workers, compiled=args.compile)
    detector.network.load_state_dict(torch.load(run.folder / "best.pt", weights_only=True))
    training = {"recipe": asdict(recipe), "data": args.data.name, "items": len(items), "start": args.trunk.name if args.trunk else "random"}
    print(put_into_release(variant, detector, training, args.release))


if __name__ == "__main__":
    main()
