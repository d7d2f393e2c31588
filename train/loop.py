"""The training loop: resumable, and the same curve whether or not it was interrupted."""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import torch
from timm.utils import ModelEmaV3
from torch.nn import functional
from torch.utils.data import DataLoader
from tqdm import tqdm

from model_zoo.detector import Detector
from train.augment import augmentation
from train.metrics import logits_of, measures
from train.pairs import Pairs, batches, collate
from train.recipes import Recipe
from train.sources import Item


class BadRun(Exception):
    """A run cannot go on: why, and what to do."""


@dataclass
class Run:
    """Everything a run needs to go on: the network in training, its average, the optimiser, and where it stands."""

    recipe: Recipe
    detector: Detector
    average: ModelEmaV3
    optimizer: torch.optim.Optimizer
    folder: Path
    step: int = 0
    best: float = 0.0

    def save(self) -> None:
        """Write `last.pt` in one step; the recipe travels along so that another one never resumes from it."""
        partial = self.folder / "last.pt.partial"
        state = {
            "recipe": asdict(self.recipe),
            "step": self.step,
            "best": self.best,
            "network": self.detector.network.state_dict(),
            "average": self.average.module.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, partial)
        os.replace(partial, self.folder / "last.pt")

    def resume(self) -> None:
        """Take up `last.pt` where there is one. Raises BadRun if another recipe wrote it."""
        path = self.folder / "last.pt"
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        if state["recipe"] != asdict(self.recipe):
            raise BadRun(
                f"{path} belongs to another recipe ({state['recipe']}); remove it or name another --checkpoints"
            )
        self.step, self.best = state["step"], state["best"]
        self.detector.network.load_state_dict(state["network"])
        self.average.module.network.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])


def start_run(recipe: Recipe, detector: Detector, folder: Path) -> Run:
    """A run at step 0, or where its checkpoint left it."""
    folder.mkdir(parents=True, exist_ok=True)
    detector.network.drop_rate = recipe.drop_rate
    kernels = [p for p in detector.parameters() if p.ndim > 1]
    vectors = [p for p in detector.parameters() if p.ndim <= 1]  # weight decay harms biases and batch norms
    groups = [{"params": kernels, "weight_decay": recipe.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=recipe.learning_rate)
    average = ModelEmaV3(detector, decay=recipe.ema_decay, use_warmup=True)
    run = Run(recipe, detector, average, optimizer, folder)
    run.resume()
    return run


def rate_at(step: int, steps: int, recipe: Recipe) -> float:
    """Learning rate of a step: linear warm-up, then cosine to zero."""
    warmup = max(int(steps * recipe.warmup), 1)
    if step < warmup:
        return recipe.learning_rate * (step + 1) / warmup
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(steps - warmup, 1)))


def train(
    run: Run,
    items: Sequence[Item],
    validation: Sequence[Item],
    size: int,
    *,
    portraits: Sequence[Item] = (),
    workers: int = 1,
    compiled: bool = False,
    save_every: int = 200,
    report: Callable[[str], None] = tqdm.write,
) -> None:
    """Train to the recipe's last step; the best average on validation (by AUC) is kept in `best.pt`."""
    recipe = run.recipe
    pairs = Pairs(items, augmentation(recipe.size, recipe.augment, recipe.zoom), recipe.seed, portraits, recipe.forged)
    per_epoch = max(len(pairs) // (recipe.batch_size // 2), 1)
    steps = int(recipe.epochs * per_epoch)
    order = list(batches(len(pairs), recipe.batch_size, steps, run.step, recipe.seed))
    loader = DataLoader(
        pairs, batch_sampler=order, num_workers=workers, collate_fn=collate, worker_init_fn=_use_one_thread
    )
    score = torch.compile(run.detector.score) if compiled else run.detector.score
    labels = torch.tensor([item.label for item in validation]).numpy()
    run.detector.train()
    for crops, targets in tqdm(loader, total=steps, initial=run.step, unit="step", mininterval=5):
        loss = _step(run, score, crops, targets, rate_at(run.step, steps, recipe))
        run.step += 1
        if run.step % per_epoch == 0 or run.step == steps:
            found = measures(labels, logits_of(run.average.module, validation, size))
            report(f"{recipe.name} step {run.step}/{steps}: loss {loss:.4f}, validation AUC {found['auc']:.4f}")
            if found["auc"] > run.best:
                run.best = found["auc"]
                torch.save(run.average.module.network.state_dict(), run.folder / "best.pt")
            run.save()
        elif run.step % save_every == 0:
            run.save()


def _use_one_thread(_: int) -> None:
    cv2.setNumThreads(0)  # torch sees to its own threads in a worker, OpenCV does not


def _step(run: Run, score: Callable, crops: torch.Tensor, targets: torch.Tensor, rate: float) -> float:
    torch.manual_seed(run.recipe.seed * 1_000_000 + run.step)  # dropout, the same after a resume
    for group in run.optimizer.param_groups:
        group["lr"] = rate
    smooth = run.recipe.label_smoothing
    loss = functional.binary_cross_entropy_with_logits(score(crops), targets * (1 - smooth) + smooth / 2)
    if not torch.isfinite(loss):
        raise BadRun(
            f"the loss is {loss.item()} at step {run.step}; lower the learning rate, and resume from {run.folder}"
        )
    run.optimizer.zero_grad()
    loss.backward()
    run.optimizer.step()
    run.average.update(run.detector, step=run.step)
    return loss.item()
