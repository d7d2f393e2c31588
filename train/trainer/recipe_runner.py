"""Where recipes are carried out: starts, teachers and pruning put together around the training loop."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from model_zoo.detector import Detector
from model_zoo.efficientnet import SOFTMAX
from model_zoo.errors import ZooError
from model_zoo.factory import build, variant_named
from model_zoo.loading import load
from model_zoo.manifest import RELEASE
from model_zoo.weights import load_weights
from train.errors import BadRun
from train.trainer.checkpoints import checkpoint_of, fill, read_state, start_run, write_state
from train.trainer.loop import Data, LoopOptions, train, training_batches
from train.trainer.made import is_made
from train.trainer.pruning import channels_of, prune
from train.trainer.recipes import RECIPES, Recipe, pruning_steps, scaled
from train.trainer.teaching import Teachers

_HEADS = ("classifier", "fc")  # timm's names of what a trunk lacks
HEAD_STD = 0.01  # of a head's first weights; timm draws those of one output with 0.58
RANKING_BATCHES = 16  # batches whose gradients rank the channels


@dataclass(frozen=True)
class RecipeRunner:
    """What every recipe shares: the data, the ImageNet trunk, and where checkpoints and the release lie."""

    data: Data
    trunk: Path | None = None
    checkpoints: Path = Path("checkpoints")
    release: Path = RELEASE
    options: LoopOptions = field(default_factory=LoopOptions)
    starts: Path | None = None  # folder of NAME.safetensors that recipes may start from, or be taught by

    def make(self, recipe: Recipe) -> Path:
        """Carry a recipe out, or go on with it, and return its best weights. Raises TrainError or ZooError."""
        if is_made(recipe, self.checkpoints / recipe.name):
            return self.checkpoints / recipe.name / "best.pt"
        if not recipe.epochs_total:
            return self._untouched(recipe)
        for step in self.steps(scaled(recipe, self.options.batch_size)):
            best = self._run(step)
        return best

    def _untouched(self, recipe: Recipe) -> Path:
        """What a recipe without epochs makes: its start."""
        path = self.checkpoints / recipe.name / "best.pt"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_state(self.taken_up(recipe).network.state_dict(), path)
        return path

    def has(self, name: str) -> bool:
        """Whether what this recipe makes is there to start from. Raises BadRun where another recipe made it."""
        if self.starts and (self.starts / f"{name}.safetensors").is_file():
            return True
        return name in RECIPES and is_made(RECIPES[name], self.checkpoints / name)

    def steps(self, recipe: Recipe) -> list[Recipe]:
        """The recipe itself or, where it prunes in steps, one recipe a step."""
        return pruning_steps(recipe, self._removed(self.taken_up(recipe), recipe) if recipe.pruning else 0.0)

    def finished(self, name: str, variant: str) -> Detector:
        """The best detector of a recipe: its checkpoint, else the released variant. Raises BadRun where neither is."""
        path = self.checkpoints / name / "best.pt"
        if path.is_file():
            detector = build(variant_named(variant))
            fill(detector, read_state(path), str(path))
            return detector
        if self.starts and (start := self.starts / f"{name}.safetensors").is_file():
            detector = build(variant_named(variant))
            load_weights(detector.network, start)
            return detector
        try:
            return load(name, self.release).network
        except ZooError as error:
            raise BadRun(
                f"{name} is neither in {self.checkpoints} nor in the release ({error}); make it first: "
                f"python train/build_zoo.py --only {name}"
            ) from error

    def teacher_of(self, recipe: Recipe) -> Teachers | None:
        """What a recipe is taught by. Raises BadRun where one of them is not made."""
        made = [self.finished(name, RECIPES[name].variant if name in RECIPES else name) for name in recipe.teachers]
        return Teachers(made).eval() if made else None

    def _run(self, recipe: Recipe) -> Path:
        torch.manual_seed(recipe.seed)
        folder = self.checkpoints / recipe.name
        resuming = checkpoint_of(recipe, folder) is not None
        detector = build(variant_named(recipe.variant)) if resuming else self.taken_up(recipe)
        if recipe.pruning and not resuming:
            self.prune(detector, recipe, training_batches(recipe, self.data, self.options.workers, 0, RANKING_BATCHES))
        run = start_run(recipe, detector, folder)
        train(run, self.data, recipe.judging_size, self.options, self.teacher_of(recipe))
        return run.best_path

    def taken_up(self, recipe: Recipe) -> Detector:
        """The network that a recipe starts from."""
        if recipe.start not in ("trunk", "xavier"):
            return self.finished(recipe.start, recipe.variant)
        torch.manual_seed(recipe.seed)
        detector = build(variant_named(recipe.variant))
        if recipe.start == "xavier":
            detector.apply(_xavier)
        else:
            load_trunk(detector, self._trunk_of(recipe.variant))
        _start_undecided(detector)
        return detector

    def _trunk_of(self, variant: str) -> Path | None:
        """The trunk's file; in a folder of several the one named after the variant's architecture."""
        if self.trunk is None or not self.trunk.is_dir():
            return self.trunk
        return self.trunk / f"{variant_named(variant).architecture.removesuffix(SOFTMAX)}.safetensors"

    def _removed(self, detector: Detector, recipe: Recipe) -> float:
        """The share of the dense network's channels that a detector lacks."""
        return 1 - channels_of(detector, recipe.size) / _dense_channels(recipe.variant, recipe.size)

    def prune(self, detector: Detector, recipe: Recipe, batches: Iterable[tuple[torch.Tensor, torch.Tensor]]) -> None:
        """Prune to the recipe's ratio, channels ranked by `batches` of crops and labels. Raises BadRun."""
        dense = _dense_channels(recipe.variant, recipe.size)
        done = prune(detector, recipe.pruning, dense, batches, recipe.size, recipe.scope)
        self.options.report(f"{recipe.name}: {done}")


@cache
def _dense_channels(variant: str, size: int) -> int:
    return channels_of(build(variant_named(variant)), size)


def load_trunk(detector: Detector, path: Path | None) -> None:
    """Start from an ImageNet trunk; squeeze-excite layers and the classifier, absent there, are left as they are.

    Raises BadRun where the file is missing or fits another network.
    """
    if path is None or not path.is_file():
        raise BadRun(f"{path or 'no trunk'}: name the ImageNet weights, a safetensors file, with --trunk")
    outcome = detector.network.load_state_dict(load_file(path), strict=False)
    unexpected = [key for key in outcome.missing_keys if ".se." not in key and not key.startswith(_HEADS)]
    if unexpected or outcome.unexpected_keys:
        raise BadRun(f"{path} does not fit: missing {unexpected[:3]}, unexpected {outcome.unexpected_keys[:3]}")


def _start_undecided(detector: Detector) -> None:
    """A small head without bias: every first logit is near 0, the loss near ln 2, and what is learnt is the label."""
    head = detector.network.get_classifier()
    nn.init.normal_(head.weight, std=HEAD_STD)
    nn.init.zeros_(head.bias)


def _xavier(layer: nn.Module) -> None:
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.xavier_uniform_(layer.weight)
