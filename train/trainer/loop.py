"""The training loop: resumable, and the same curve whether or not it was interrupted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from model_zoo.detector import Detector
from model_zoo.metrics import measures
from train.dataset.augment import augmentation
from train.dataset.crop_set import Crop
from train.dataset.items import Item
from train.dataset.mix import EPOCH, MixedPairs
from train.dataset.pairs import Pairs, batches, collate
from train.dataset.tubes import Tube, TubePairs
from train.errors import BadRun
from train.evaluation.scores import logits_of
from train.trainer.checkpoints import TrainingRun
from train.trainer.losses import distillation_loss, hard_loss
from train.trainer.recipes import Recipe
from train.trainer.teaching import Teachers, softened

if TYPE_CHECKING:
    from accelerate import Accelerator

TRACED = 350  # items of validation
WORTH_COMPILING = 150  # steps; torch.compile takes about as long as it saves over so many


@dataclass(frozen=True)
class Data:
    """What a run trains on and is judged by. `crops` of all sources, mixed, stand in for the items where there are any;
    `portraits` are for recipes that forge from items; `tubes` are slices, for variants that look at several frames and
    are judged by slices, too, and tested on those of `test`."""

    items: Sequence[Item]
    validation: Sequence[Item | Tube]
    portraits: Sequence[Item] = ()
    crops: Sequence[Crop] = ()
    tubes: Sequence[Tube] = ()
    test: Sequence[Tube] = ()


@dataclass(frozen=True)
class LoopOptions:
    """How the machine is used: loader processes, torch.compile, whether Trackio keeps the curves, steps per save.

    `batch_size` replaces the recipes' own on a device with less memory. Every `trace_every` steps, if that is not 0,
    the average is measured on a part of validation, which chooses nothing.
    """

    workers: int = 1
    compiled: bool = False
    tracked: bool = False
    save_every: int = 200
    batch_size: int | None = None
    trace_every: int = 0
    report: Callable[[str], None] = tqdm.write


class Scored(nn.Module):
    """A detector's training path as a module's forward, so that accelerate wraps it like any other network."""

    def __init__(self, detector: Detector | Teachers):
        super().__init__()
        self.detector = detector

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        """(N, S, S, 3) uint8 -> (N,) logits."""
        return self.detector.score(crops)


def rate_at(progress: float, recipe: Recipe) -> float:
    """Learning rate after a share of a run, 0 to 1: linear warm-up, then cosine to zero, or constant."""
    if progress < recipe.warmup:
        return recipe.learning_rate * progress / recipe.warmup
    if recipe.schedule == "constant":
        return recipe.learning_rate
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * (progress - recipe.warmup) / (1 - recipe.warmup)))


def training_batches(recipe: Recipe, data: Data, workers: int, first: int = 0, last: int | None = None) -> DataLoader:
    """The recipe's augmented batches, crops (N, S, S, 3) uint8 and labels (N,), from batch `first` up to `last`."""
    pairs = _pairs(recipe, data)
    last = math.floor(recipe.epochs * per_epoch(recipe, data)) if last is None else last
    order = list(batches(len(pairs), recipe.batch_size, last, first, recipe.seed))
    return DataLoader(
        pairs, batch_sampler=order, num_workers=workers, collate_fn=collate, worker_init_fn=use_one_thread
    )


def _pairs(recipe: Recipe, data: Data) -> Pairs | MixedPairs | TubePairs:
    if data.tubes:
        return TubePairs(data.tubes, MixedPairs(data.crops, recipe.mix, recipe.size, recipe.seed), recipe.seed)
    if data.crops:
        return MixedPairs(data.crops, recipe.mix, recipe.size, recipe.seed)
    transform = augmentation(recipe.size, recipe.augment, recipe.zoom)
    return Pairs(data.items, transform, recipe.seed, data.portraits, recipe.forged)


def per_epoch(recipe: Recipe, data: Data) -> int:
    """Batches in which every real crop that has a fake is seen once; of mixed crops, which are drawn, EPOCH pairs."""
    if data.crops:
        return max(EPOCH // (recipe.batch_size // 2), 1)
    originals = {item.original for item in data.items if item.label}
    reals = sum(item.video in originals for item in data.items if not item.label)
    return max(reals // (recipe.batch_size // 2), 1)


def train(run: TrainingRun, data: Data, size: int, options: LoopOptions, teacher: Teachers | None = None) -> None:
    """Train to the recipe's last step or until patience ends; the best average by validation AUC is kept.

    `size` is the side in pixels at which validation looks, as serving will. Raises BadRun, BadData or BadRecipe.
    """
    recipe = run.recipe
    epoch = per_epoch(recipe, data)
    total = math.floor(recipe.epochs * epoch)
    if run.step >= total or _exhausted(run):
        return
    accelerator = _accelerator(options)
    accelerator.init_trackers("deepfake-model-explorer", recipe.settings(), {"trackio": {"name": recipe.name}})
    steps, epoch = total // accelerator.num_processes, max(epoch // accelerator.num_processes, 1)
    loader = training_batches(recipe, data, options.workers, run.step * accelerator.num_processes, total)
    score, run.optimizer, loader = accelerator.prepare(Scored(run.detector), run.optimizer, loader)
    run.average.to(accelerator.device)
    taught: nn.Module | None = Scored(teacher.eval().to(accelerator.device)) if teacher else None
    if options.compiled and steps - run.step > WORTH_COMPILING:
        score = torch.compile(score)
        if taught is not None:
            taught.compile()
    lock(run.detector, recipe)
    bar = tqdm(total=steps, initial=run.step, unit="step", mininterval=10, disable=not accelerator.is_main_process)
    for crops, labels in loader:
        _set_rate(run, rate_at((run.step + 0.5) / steps, recipe))
        loss = _step(run, accelerator, score, crops, labels, taught)
        bar.update()
        if options.trace_every and run.step % options.trace_every == 0:
            _trace(run, data, size)
        if run.step % epoch == 0 or run.step == steps:
            _judge(run, accelerator, data, size, steps, loss, options)
            if _exhausted(run):
                break
        elif run.step % options.save_every == 0 and accelerator.is_main_process:
            run.save()
            accelerator.log({"loss": loss}, step=run.step)
    bar.close()
    accelerator.end_training()


def lock(detector: Detector, recipe: Recipe) -> None:
    """Put the detector into training mode, but for the layers that the recipe leaves as they are."""
    detector.train()
    for name, layer in detector.network.named_children():
        if recipe.only and name not in recipe.only:
            layer.eval().requires_grad_(False)


def _exhausted(run: TrainingRun) -> bool:
    return 0 < run.recipe.patience <= run.stale


def _accelerator(options: LoopOptions) -> Accelerator:
    """Imported when a run begins: commands that train nothing need no accelerate."""
    from accelerate import Accelerator

    if options.tracked:
        import trackio  # noqa: F401  # accelerate looks for it by name
    return Accelerator(
        mixed_precision="bf16" if torch.cuda.is_available() else "no", log_with="trackio" if options.tracked else None
    )


def _judge(
    run: TrainingRun, accelerator: Accelerator, data: Data, size: int, steps: int, loss: float, options: LoopOptions
) -> None:
    """Measure the average on validation, keep it if it is the best, and write a checkpoint."""
    labels = torch.tensor([item.label for item in data.validation]).numpy()
    measured = measures(labels, logits_of(run.average.module, data.validation, size))
    accelerator.log(
        {"loss": loss, **{f"validation {key}": measured[key] for key in ("auc", "log_loss")}}, step=run.step
    )
    if accelerator.is_main_process:
        options.report(
            f"{run.recipe.name} step {run.step}/{steps}: loss {loss:.4f}, validation AUC {measured['auc']:.4f}"
        )
    run.judged(measured["auc"], write=accelerator.is_main_process)
    if accelerator.is_main_process:
        run.save()
    accelerator.wait_for_everyone()


def _trace(run: TrainingRun, data: Data, size: int) -> None:
    """Note how good the average is on about TRACED items of validation."""
    part = data.validation[:: max(len(data.validation) // TRACED, 1)]
    measured = measures(np.array([item.label for item in part]), logits_of(run.average.module, part, size))
    run.traced.append({"step": run.step, **{key: float(measured[key]) for key in ("auc", "log_loss")}})


def use_one_thread(_: int) -> None:
    """What a loader process does first."""
    cv2.setNumThreads(0)  # torch sees to its own threads in a worker, OpenCV does not


def _set_rate(run: TrainingRun, rate: float) -> None:
    for group in run.optimizer.param_groups:
        group["lr"] = rate


def _step(
    run: TrainingRun,
    accelerator: Accelerator,
    score: Callable,
    crops: torch.Tensor,
    labels: torch.Tensor,
    teacher: nn.Module | None,
) -> float:
    recipe = run.recipe
    torch.manual_seed(run.draws)  # dropout, the same after a resume
    logits = score(softened(crops, recipe.softened, run.draws)).float()
    if teacher is None:
        loss = hard_loss(logits, labels, recipe.label_smoothing)
    else:
        with torch.no_grad(), accelerator.autocast():
            taught = teacher(crops).float()
        loss = distillation_loss(logits, taught, labels, recipe.alpha, recipe.label_smoothing)
    if not torch.isfinite(loss):
        raise BadRun(
            f"the loss is {loss.item()} at step {run.step}; lower the learning rate, and resume from {run.folder}"
        )
    run.optimizer.zero_grad()
    accelerator.backward(loss)
    run.optimizer.step()
    run.step += 1
    run.average.update(run.detector, step=run.step)
    run.losses.append(loss.item())
    return loss.item()
