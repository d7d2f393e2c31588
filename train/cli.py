"""The options that every command that trains has in common."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from explorer.errors import ExplorerError
from model_zoo.errors import ZooError
from model_zoo.manifest import RELEASE
from train.dataset.items import read_face_parquet, read_portraits
from train.errors import TrainError
from train.trainer.loop import Data, LoopOptions
from train.trainer.recipe_runner import RecipeRunner


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows the common options; `description` is the command's docstring."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with train, validation and test.parquet")
    parser.add_argument("--portraits", type=Path, help="parquet of real faces with landmarks, for recipes that forge")
    parser.add_argument("--trunk", type=Path, help="ImageNet trunk as safetensors, for recipes that start from it")
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--workers", type=int, default=1, help="loader processes")
    parser.add_argument("--compile", action="store_true", help="torch.compile: faster, needs a C++ compiler")
    parser.add_argument("--track", action="store_true", help="keep the curves in Trackio; `trackio show` displays them")
    return parser


def recipe_runner_of(args: argparse.Namespace) -> RecipeRunner:
    """The workshop that the parsed options describe. Raises BadData."""
    items, validation = (read_face_parquet(args.data, split) for split in ("train", "validation"))
    portraits = read_portraits(args.portraits) if args.portraits else ()
    options = LoopOptions(args.workers, args.compile, args.track)
    return RecipeRunner(Data(items, validation, portraits), args.trunk, args.checkpoints, args.release, options)


def run_command(command: Callable[[], object]) -> None:
    """Run a command; what it raises of ours leaves as one sentence and exit status 1."""
    try:
        command()
    except (TrainError, ZooError, ExplorerError) as error:
        text = str(error)
        if "Original Traceback" in text:  # torch's loader wraps what a worker process raises
            text = text.splitlines()[-1].partition(": ")[2]
        sys.exit(f"error: {text}")
