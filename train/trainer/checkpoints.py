"""A training run and its checkpoints: everything that is needed to go on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from timm.utils import ModelEmaV3

from model_zoo.detector import Detector
from model_zoo.files import write_atomically
from model_zoo.pruned import narrow, widths_of
from train.errors import BadRecipe, BadRun
from train.trainer.recipes import Recipe

OPTIMIZERS: dict[str, Callable] = {
    "adamw": lambda groups, lr: torch.optim.AdamW(groups, lr=lr, fused=groups[0]["params"][0].is_cuda or None),
    "adam": torch.optim.Adam,
    "sgd": lambda groups, lr: torch.optim.SGD(groups, lr=lr, momentum=0.9),
}
CPU = torch.device("cpu")


@dataclass
class TrainingRun:
    """The network in training, its moving average, the optimiser, and where the run stands; `stale` counts epochs."""

    recipe: Recipe
    detector: Detector
    average: ModelEmaV3
    optimizer: torch.optim.Optimizer
    folder: Path
    step: int = 0
    best: float = -1.0  # no validation AUC is lower
    stale: int = 0
    losses: list[float] = field(default_factory=list)  # one a step
    traced: list[dict[str, float]] = field(default_factory=list)  # what was measured on the way, with its step

    @property
    def draws(self) -> int:
        """The seed of what is drawn in this step."""
        return self.recipe.seed * 1_000_000 + self.step

    @property
    def best_path(self) -> Path:
        return self.folder / "best.pt"

    def save(self) -> None:
        """Write `last.pt`; the recipe travels along so that another one never resumes from it."""
        state = {
            "recipe": self.recipe.settings(),
            "step": self.step,
            "best": self.best,
            "stale": self.stale,
            "losses": self.losses,
            "traced": self.traced,
            "network": self.detector.network.state_dict(),
            "average": self.average.module.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        write_state(state, self.folder / "last.pt")

    def judged(self, auc: float, write: bool = True) -> None:
        """Take note of a validation AUC; the best average so far is kept in `best.pt`."""
        self.stale += 1
        if auc > self.best:
            self.best, self.stale = auc, 0
            if write:
                write_state(self.average.module.network.state_dict(), self.best_path)


def write_state(state: dict, path: Path) -> None:
    """Write in one step, so that a reader never sees half a file. Raises BadRun where the disk is full."""
    try:
        with write_atomically(path) as partial:
            torch.save(state, partial)
    except (OSError, RuntimeError) as error:  # torch's writer raises RuntimeError
        raise BadRun(
            f"{path} cannot be written ({error}); free some space and run the same command: it resumes from the last "
            "checkpoint that was written"
        ) from error


def read_state(path: Path) -> dict:
    """A file of write_state. Raises BadRun where it is damaged."""
    try:
        return torch.load(path, weights_only=True, map_location="cpu")
    except Exception as error:  # torch raises several unrelated types for a damaged archive
        raise BadRun(f"{path} is no readable checkpoint ({error}); remove it to start that run afresh") from error


def fill(detector: Detector, state: dict[str, torch.Tensor], what: str) -> None:
    """Put weights of any widths in place, narrowing the dense network first. Raises BadRun where they do not fit."""
    try:
        if any(state[key].shape != value.shape for key, value in detector.network.state_dict().items()):
            detector.network = narrow(detector.network, widths_of(state))
        detector.network.load_state_dict(state)
    except (KeyError, ValueError, RuntimeError) as error:
        raise BadRun(f"{what} does not fit this network ({' '.join(str(error).split())[:200]})") from error


def checkpoint_of(recipe: Recipe, folder: Path) -> dict | None:
    """What `last.pt` holds, None where there is none. Raises BadRun if another recipe wrote it."""
    path = folder / "last.pt"
    if not path.is_file():
        return None
    state = read_state(path)
    if state["recipe"] != recipe.settings():
        raise BadRun(f"{path} belongs to another recipe ({state['recipe']}); remove it or name another --checkpoints")
    return state


def start_run(recipe: Recipe, detector: Detector, folder: Path, device: torch.device = CPU) -> TrainingRun:
    """A run at step 0, or where its checkpoint left it. Raises BadRun or BadRecipe."""
    folder.mkdir(parents=True, exist_ok=True)
    state = checkpoint_of(recipe, folder)
    if state:
        fill(detector, state["network"], f"{folder / 'last.pt'}")
    detector.to(device)
    detector.network.drop_rate = recipe.drop_rate
    average = ModelEmaV3(detector, decay=recipe.ema_decay, use_warmup=True)
    run = TrainingRun(recipe, detector, average, _optimizer(recipe, detector), folder)
    if state:
        run.step, run.best, run.stale = state["step"], state["best"], state["stale"]
        run.losses, run.traced = state.get("losses", []), state.get("traced", [])  # older checkpoints have none
        run.average.module.network.load_state_dict(state["average"])
        run.optimizer.load_state_dict(state["optimizer"])
    return run


def _optimizer(recipe: Recipe, detector: Detector) -> torch.optim.Optimizer:
    if recipe.optimizer not in OPTIMIZERS:
        raise BadRecipe(f"{recipe.name}: no optimizer {recipe.optimizer!r}; there are {', '.join(OPTIMIZERS)}")
    kernels = [p for p in detector.parameters() if p.ndim > 1]
    vectors = [p for p in detector.parameters() if p.ndim <= 1]  # weight decay harms biases and batch norms
    groups = [{"params": kernels, "weight_decay": recipe.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    return OPTIMIZERS[recipe.optimizer](groups, lr=recipe.learning_rate)
