"""A recipe trained against the clock: the schedule follows the time that has passed, and ends with it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import torch

from train.errors import BadRun
from train.trainer.checkpoints import TrainingRun
from train.trainer.device import autocast
from train.trainer.loop import rate_at
from train.trainer.losses import distillation_loss, hard_loss
from train.trainer.reservoir import Reservoir
from train.trainer.teaching import Teachers, softened

CLIP = 2.0  # norm of the gradient
REPORTED = 50  # steps between two lines of the log


@dataclass(frozen=True)
class Sprint:
    """What a sprint came to: steps, crops taken, seconds, the share of them spent waiting for crops, the last loss."""

    steps: int
    crops: int
    seconds: float
    waiting: float
    loss: float

    def __str__(self) -> str:
        rate = self.crops / max(self.seconds, 1e-9)
        return (
            f"{self.steps} steps, {self.crops:,} crops in {self.seconds:.1f} s ({rate:,.0f}/s, "
            f"{self.waiting:.0%} waiting for crops), loss {self.loss:.4f}"
        )


def sprint(
    run: TrainingRun,
    reservoir: Reservoir,
    seconds: float,
    teacher: Teachers | None = None,
    report: Callable[[str], None] = print,
) -> Sprint:
    """Train for `seconds`, at least one step; `run.average` is the outcome. Raises BadRun where the loss is not finite.

    The rate warms up, and falls to zero, by the share of the time that has passed, so that a slow device and a fast one
    both end where the schedule ends.
    """
    recipe, device = run.recipe, reservoir.device
    run.detector.train()
    began, waited, made = perf_counter(), reservoir.waited, reservoir.made
    parameters = [parameter for parameter in run.detector.parameters() if parameter.requires_grad]
    losses: list[torch.Tensor] = []
    longest = passed = 0.0
    while not losses or passed + longest < seconds:
        step_began = perf_counter()
        for group in run.optimizer.param_groups:
            group["lr"] = rate_at(min(passed / max(seconds, 1e-9), 1.0), recipe)
        crops, labels = reservoir.batch(recipe.batch_size)
        loss = _loss(run, crops, labels, teacher, device)
        run.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        run.optimizer.step()
        run.step += 1
        run.average.update(run.detector, step=run.step)
        losses.append(loss.detach())
        _check(losses[-2:][0], run)  # the step before: the device has one step in hand while this one is prepared
        now = perf_counter()
        passed, longest = now - began, max(now - step_began, 0.9 * longest)
        if len(losses) % REPORTED == 0 or len(losses) == 1:
            fresh = (reservoir.made - made) / passed
            latest = f"loss {float(losses[-1]):.4f}, {fresh:,.0f} new crops/s"
            report(f"{recipe.name} step {len(losses)}, {passed:.1f} s: {latest}")
    _check(losses[-1], run)
    passed = perf_counter() - began
    mean = float(torch.stack(losses[-REPORTED:]).mean())
    return Sprint(len(losses), len(losses) * recipe.batch_size, passed, (reservoir.waited - waited) / passed, mean)


def _loss(
    run: TrainingRun, crops: torch.Tensor, labels: torch.Tensor, teacher: Teachers | None, device: torch.device
) -> torch.Tensor:
    recipe = run.recipe
    with autocast(device):
        logits = run.detector.score(softened(crops, recipe.softened, run.draws))
        if teacher is not None:
            with torch.no_grad():
                taught = teacher.score(crops)
    if teacher is None:
        return hard_loss(logits.float(), labels, recipe.label_smoothing)
    return distillation_loss(logits.float(), taught.float(), labels, recipe.alpha, recipe.label_smoothing)


def _check(loss: torch.Tensor, run: TrainingRun) -> None:
    if not torch.isfinite(loss):
        raise BadRun(f"{run.recipe.name}: the loss is {float(loss)} near step {run.step}; lower the learning rate")
