"""python train/train.py --recipe b0 --data FOLDER --portraits FILE --trunk IMAGENET.safetensors

Train by recipe and put a variant's best weights into the release; run it again to resume.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from model_zoo.detector import Detector
from model_zoo.factory import build, variant_named
from model_zoo.manifest import RELEASE
from train.loop import BadRun, start_run, train
from train.recipes import RECIPES, Recipe
from train.release import put_into_release
from train.sources import BadData, read_face_parquet, read_portraits


def load_trunk(detector: Detector, path: Path) -> None:
    """Start from an ImageNet trunk; squeeze-excite layers and the classifier, absent there, keep their random start.

    Raises BadRun where the file is missing or fits another network.
    """
    if not path.is_file():
        raise BadRun(f"{path} does not exist; --trunk takes the ImageNet weights as safetensors")
    outcome = detector.network.load_state_dict(load_file(path), strict=False)
    unexpected = [key for key in outcome.missing_keys if ".se." not in key and not key.startswith("classifier")]
    if unexpected or outcome.unexpected_keys:
        raise BadRun(f"{path} does not fit: missing {unexpected[:3]}, unexpected {outcome.unexpected_keys[:3]}")


def take_up(detector: Detector, recipe: Recipe, trunk: Path | None, checkpoints: Path) -> None:
    """Put the recipe's start in place. Raises BadRun where it is missing."""
    if recipe.start == "trunk" and trunk:
        load_trunk(detector, trunk)
    elif recipe.start != "trunk":
        path = checkpoints / recipe.start / "best.pt"
        if not path.is_file():
            raise BadRun(
                f"{recipe.name} starts from {recipe.start}: run `train/train.py --recipe {recipe.start}` first"
            )
        detector.network.load_state_dict(torch.load(path, weights_only=True))


def run_recipe(recipe: Recipe, args: argparse.Namespace) -> str:
    """Train to the recipe's end and, where it is a variant's own, put the best weights into the release."""
    variant = variant_named(recipe.variant)
    torch.manual_seed(recipe.seed)
    detector = build(variant)
    take_up(detector, recipe, args.trunk, args.checkpoints)
    run = start_run(recipe, detector, args.checkpoints / recipe.name)
    items, validation = (read_face_parquet(args.data, split) for split in ("train", "validation"))
    portraits = read_portraits(args.portraits) if args.portraits else ()
    size, workers = variant.input_size, args.workers
    train(run, items, validation, size, portraits=portraits, workers=workers, compiled=args.compile)
    if recipe.name != variant.name:
        return f"{recipe.name}: validation AUC {run.best:.4f}, weights in {run.folder / 'best.pt'}"
    detector.network.load_state_dict(torch.load(run.folder / "best.pt", weights_only=True))
    data = [args.data.name, *([args.portraits.name] if recipe.forged else [])]
    trunk = args.trunk.name if args.trunk else "random"
    training = {"recipe": asdict(recipe), "data": data, "items": len(items), "trunk": trunk}
    return str(put_into_release(variant, detector, training, args.release))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", required=True, choices=RECIPES)
    parser.add_argument("--data", type=Path, required=True, help="folder with train, validation and test.parquet")
    parser.add_argument("--portraits", type=Path, help="parquet of real faces with landmarks, for recipes that forge")
    parser.add_argument("--trunk", type=Path, help="ImageNet trunk as safetensors; without it the start is random")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--compile", action="store_true", help="torch.compile: faster, needs a C++ compiler")
    args = parser.parse_args()
    try:
        print(run_recipe(RECIPES[args.recipe], args))
    except (BadData, BadRun) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
