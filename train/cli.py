"""The options that every command that trains has in common."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from explorer.errors import ExplorerError
from explorer.telemetry import silence
from model_zoo.errors import ZooError
from model_zoo.manifest import RELEASE
from train.dataset.crop_set import read_crop_set
from train.dataset.items import read_face_parquet, read_portraits
from train.dataset.judging import JudgingSet, read_judging_set
from train.dataset.mix import MixedPairs
from train.dataset.tubes import read_tubes
from train.errors import BadData, TrainError
from train.trainer.chain import SHARES, Chain, ChainOptions
from train.trainer.device import capacity_of, device_named
from train.trainer.loop import Data, LoopOptions
from train.trainer.made import Parcels
from train.trainer.recipe_runner import RecipeRunner
from train.trainer.recipes import RECIPES


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """A parser that knows the common options; `description` is the command's docstring."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with train, validation and test.parquet")
    parser.add_argument("--portraits", type=Path, help="parquet of real faces with landmarks, for recipes that forge")
    parser.add_argument(
        "--crops", type=Path, help="folder that train/prepare_crops.py wrote, to train on from all sources"
    )
    parser.add_argument("--tubes", type=Path, help="parquet of slices, to train on beside those made of --crops")
    parser.add_argument("--starts", type=Path, help="folder of NAME.safetensors to start from where no checkpoint is")
    parser.add_argument(
        "--trunk", type=Path, help="ImageNet trunk as safetensors, or a folder of ARCHITECTURE.safetensors"
    )
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--release", type=Path, default=RELEASE)
    parser.add_argument("--workers", type=int, default=1, help="loader processes")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--batch-size", type=int, help="crops a step; the learning rate follows its square root")
    parser.add_argument("--compile", action="store_true", help="torch.compile: faster, needs a C++ compiler")
    parser.add_argument("--track", action="store_true", help="keep the curves in Trackio; `trackio show` displays them")
    return parser


def recipe_runner_of(args: argparse.Namespace) -> RecipeRunner:
    """The recipe runner that the parsed options describe. Raises BadData."""
    return _runner(args, data_of(args))


def data_of(args: argparse.Namespace) -> Data:
    """The data that the parsed options name. Raises BadData."""
    if args.tubes:
        slices = read_tubes(args.tubes)
        if not args.crops:
            raise BadData("no crops to make slices of; name the folder that train/prepare_crops.py wrote with --crops")
        return Data((), slices.judged, crops=read_crop_set(args.crops), tubes=slices.train, test=slices.held_out)
    if not args.data:
        raise BadData("no data; name the folder of train, validation and test.parquet with --data")
    items, validation = (read_face_parquet(args.data, split) for split in ("train", "validation"))
    portraits = read_portraits(args.portraits) if args.portraits else ()
    return Data(items, validation, portraits, read_crop_set(args.crops) if args.crops else ())


def judging_of(args: argparse.Namespace) -> JudgingSet:
    """What detectors in training are looked at by, at the size that they are served at. Raises BadData."""
    if not args.crops:
        raise BadData("no crops; name the folder that train/prepare_crops.py wrote with --crops")
    return read_judging_set(args.crops, RECIPES[next(iter(SHARES))].size)


def chain_of(args: argparse.Namespace, began: float) -> Chain:
    """The chain that the parsed options describe, its budget counted from `began` (perf_counter). Raises TrainError."""
    device = device_named(args.device)

    def log(text: str) -> None:
        print(f"{perf_counter() - began:7.1f} {text}", flush=True)  # what is cut off has said where it was

    judging, recipe = judging_of(args), RECIPES[next(iter(SHARES))]
    pairs = MixedPairs(read_crop_set(args.crops), recipe.mix, recipe.size, recipe.seed)
    parcels = Parcels(args.out) if args.out else None
    options = ChainOptions(device, 60 * args.budget_minutes, args.workers, capacity_of(device), parcels, log)
    log(f"{len(pairs.crops):,} crops to train on, {len(judging.labels):,} to judge by; {args.workers} loader processes")
    provenance = {"mix": asdict(pairs.mix), "crops": len(pairs.crops)}
    return Chain(_runner(args, Data((), ())), pairs, judging, options, provenance, began)


def _runner(args: argparse.Namespace, data: Data) -> RecipeRunner:
    options = LoopOptions(args.workers, args.compile, args.track, batch_size=args.batch_size)
    return RecipeRunner(data, args.trunk, args.checkpoints, args.release, options, args.starts)


def run_command(command: Callable[[], object]) -> None:
    """Run a command; what it raises of ours, and a package that is missing, leave as one sentence and exit status 1."""
    silence()
    try:
        command()
    except (TrainError, ZooError, ExplorerError) as error:
        text = str(error)
        if "Original Traceback" in text:  # torch's loader wraps what a worker process raises
            text = text.splitlines()[-1].partition(": ")[2]
        sys.exit(f"error: {text}")
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in {"train", "explorer", "model_zoo"}:
            raise  # a bug of ours
        sys.exit(f"error: {error.name} is not installed; python -m pip install -r train/requirements.txt brings it")
