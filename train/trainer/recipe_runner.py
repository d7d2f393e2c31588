"""Where recipes are carried out: starts, teachers and pruning put together around the training loop."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from model_zoo.detector import Detector
from model_zoo.errors import ZooError
from model_zoo.factory import build, variant_named
from model_zoo.loading import load
from model_zoo.manifest import RELEASE
from train.errors import BadRun
from train.trainer.checkpoints import checkpoint_of, fill, read_state, start_run
from train.trainer.loop import Data, LoopOptions, train, training_batches
from train.trainer.pruning import channels_of, prune
from train.trainer.recipes import Recipe, pruning_steps

RANKING_BATCHES = 16  # batches whose gradients rank the channels


@dataclass(frozen=True)
class RecipeRunner:
    """What every recipe shares: the data, the ImageNet trunk, and where checkpoints and the release lie."""

    data: Data
    trunk: Path | None = None
    checkpoints: Path = Path("checkpoints")
    release: Path = RELEASE
    options: LoopOptions = field(default_factory=LoopOptions)

    def make(self, recipe: Recipe) -> Path:
        """Carry a recipe out, or go on with it, and return its best weights. Raises TrainError or ZooError."""
        reached = self._removed(self._taken_up(recipe), recipe) if recipe.pruning else 0.0
        for step in pruning_steps(recipe, reached):
            best = self._run(step)
        return best

    def finished(self, name: str, variant: str) -> Detector:
        """The best detector of a recipe: its checkpoint, else the released variant. Raises BadRun where neither is."""
        path = self.checkpoints / name / "best.pt"
        if path.is_file():
            detector = build(variant_named(variant))
            fill(detector, read_state(path), str(path))
            return detector
        try:
            return load(name, self.release).detector
        except ZooError as error:
            raise BadRun(
                f"{name} is neither in {self.checkpoints} nor in the release ({error}); make it first: "
                f"python train/build_zoo.py --only {name}"
            ) from error

    def _run(self, recipe: Recipe) -> Path:
        torch.manual_seed(recipe.seed)
        folder = self.checkpoints / recipe.name
        resuming = checkpoint_of(recipe, folder) is not None
        detector = build(variant_named(recipe.variant)) if resuming else self._taken_up(recipe)
        size = max(recipe.size, variant_named(recipe.variant).input_size)  # patches are judged on whole crops
        if recipe.pruning and not resuming:
            self._prune(detector, recipe)
        run = start_run(recipe, detector, folder)
        teacher = self.finished(recipe.teacher, recipe.teacher) if recipe.teacher else None
        train(run, self.data, size, self.options, teacher)
        return run.best_path

    def _taken_up(self, recipe: Recipe) -> Detector:
        """The network that a recipe starts from."""
        if recipe.start not in ("trunk", "xavier"):
            return self.finished(recipe.start, recipe.variant)
        torch.manual_seed(recipe.seed)
        detector = build(variant_named(recipe.variant))
        if recipe.start == "xavier":
            detector.apply(_xavier)
        else:
            load_trunk(detector, self.trunk)
        return detector

    def _removed(self, detector: Detector, recipe: Recipe) -> float:
        """The share of the dense network's channels that a detector lacks."""
        return 1 - channels_of(detector, recipe.size) / _dense_channels(recipe.variant, recipe.size)

    def _prune(self, detector: Detector, recipe: Recipe) -> None:
        batches = training_batches(recipe, self.data, self.options.workers, 0, RANKING_BATCHES)
        done = prune(
            detector, recipe.pruning, _dense_channels(recipe.variant, recipe.size), batches, recipe.size, recipe.scope
        )
        self.options.report(f"{recipe.name}: {done}")


@cache
def _dense_channels(variant: str, size: int) -> int:
    return channels_of(build(variant_named(variant)), size)


def load_trunk(detector: Detector, path: Path | None) -> None:
    """Start from an ImageNet trunk; squeeze-excite layers and the classifier, absent there, keep their random start.

    Raises BadRun where the file is missing or fits another network.
    """
    if path is None or not path.is_file():
        raise BadRun(f"{path or 'no trunk'}: name the ImageNet weights, a safetensors file, with --trunk")
    outcome = detector.network.load_state_dict(load_file(path), strict=False)
    unexpected = [key for key in outcome.missing_keys if ".se." not in key and not key.startswith("classifier")]
    if unexpected or outcome.unexpected_keys:
        raise BadRun(f"{path} does not fit: missing {unexpected[:3]}, unexpected {outcome.unexpected_keys[:3]}")


def _xavier(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
