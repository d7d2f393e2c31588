"""Recipes carried out one after the other against the clock, from one stream of crops."""

import threading
from collections.abc import Callable, Sequence, Sized
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any, cast

import torch
from torch.utils.data import DataLoader, Dataset

from model_zoo.detector import Detector
from train.dataset.judging import JudgingSet
from train.dataset.pairs import batches, collate
from train.trainer.averaging import average_with_start
from train.trainer.checkpoints import start_run, write_state
from train.trainer.judge import judge
from train.trainer.loop import use_one_thread
from train.trainer.made import Parcels, is_made, write_note
from train.trainer.recipe_runner import RANKING_BATCHES, RecipeRunner
from train.trainer.recipes import RECIPES, Recipe, scaled
from train.trainer.reservoir import Reservoir, pump
from train.trainer.sprint import Sprint, sprint

# Of a budget's time; each further 5 % of pruning takes up where the last left off.
SHARES = {
    "b0-mix": 0.30,
    "lite0": 0.12,
    "lite0_kd": 0.24,
    "lite0_kd_p20": 0.10,
    **dict.fromkeys(("lite0_kd_p25", "lite0_kd_p30", "lite0_kd_p35", "lite0_kd_p40"), 0.04),
    "b0": 0.08,
}
CHUNK = 64  # crops that a loader process hands over at once
ENDLESS = 10**9  # chunks; the clock ends a chain, not its data
PATIENCE = 10.0  # seconds for the loader to end
FOLLOWING = 0.5  # the teacher's share of the loss from which on a student follows it
RESERVED = 2.0  # seconds at first for judging and writing what a recipe made; then what the last took


@dataclass(frozen=True)
class ChainOptions:
    """The device, the budget in seconds, loader processes, crops that the device keeps, and where parcels go."""

    device: torch.device
    seconds: float
    workers: int = 1
    capacity: int = 4096
    parcels: Parcels | None = None
    report: Callable[[str], None] = print


@dataclass
class Chain:
    """Carries recipes out, each within its share of the budget, which begins when the chain is made.

    What is finished stays as checkpoints and parcels, so that a chain that was cut off goes on with the next recipe.
    """

    recipe_runner: RecipeRunner
    pairs: Dataset
    judging: JudgingSet
    options: ChainOptions
    provenance: dict[str, Any] = field(default_factory=dict)  # of the data, for every recipe's note
    began: float = field(default_factory=perf_counter)
    reserved: float = RESERVED

    def carry_out(self, names: Sequence[str]) -> None:
        """Make the recipes of these names, in this order, each building on what is there. Raises TrainError."""
        todo = [name for name in names if not is_made(RECIPES[name], self.recipe_runner.checkpoints / name)]
        if not todo:
            return
        total = sum(SHARES[name] for name in todo)
        reservoir, thread = self._stream(RECIPES[todo[0]].size)
        until = setup = self._passed()
        try:
            for name in todo:
                until += SHARES[name] / total * (self.options.seconds - setup)
                self._make(RECIPES[name], reservoir, until)
        finally:
            reservoir.close()
            thread.join(PATIENCE)

    def _passed(self) -> float:
        return perf_counter() - self.began

    def _stream(self, size: int) -> tuple[Reservoir, threading.Thread]:
        options = self.options
        loader: DataLoader = DataLoader(
            self.pairs,
            batch_sampler=batches(len(cast(Sized, self.pairs)), CHUNK, ENDLESS, 0, seed=0),
            num_workers=options.workers,
            collate_fn=collate,
            worker_init_fn=use_one_thread,
            pin_memory=options.device.type == "cuda",
            prefetch_factor=4 if options.workers else None,
        )
        chunks = iter(loader)  # its processes are forked before there are threads, and before the device is used
        reservoir = Reservoir(options.capacity, size, options.device)
        return reservoir, pump(chunks, reservoir)

    def _make(self, recipe: Recipe, reservoir: Reservoir, until: float) -> None:
        steps = self.recipe_runner.steps(scaled(recipe, self.recipe_runner.options.batch_size))
        whole = sum(step.epochs for step in steps)
        start = self._passed()
        for step in steps:
            start_of_step, share = self._passed(), step.epochs / whole
            step_until = until if step is steps[-1] else start_of_step + share * (until - start)
            reserved = self.reserved if step is steps[-1] else 0.0
            average, outcome = self._train(step, reservoir, step_until - reserved)
        finished = self._passed()
        self._keep(recipe, steps[-1], average, outcome)
        self.reserved = self._passed() - finished
        self.options.report(f"{recipe.name}: due at {until:.1f} s, done at {self._passed():.1f} s")

    def _train(self, recipe: Recipe, reservoir: Reservoir, until: float) -> tuple[Detector, Sprint]:
        device, runner = self.options.device, self.recipe_runner
        detector = runner.taken_up(recipe).to(device)
        if recipe.pruning:
            ranking = (reservoir.batch(recipe.batch_size) for _ in range(RANKING_BATCHES))
            runner.prune(detector, recipe, ranking)
        detector.network.to(memory_format=torch.channels_last)
        run = start_run(recipe, detector, runner.checkpoints / recipe.name, device)
        teacher = runner.teacher_of(recipe)
        taught = teacher.to(device) if teacher else None
        outcome = sprint(run, reservoir, max(until - self._passed(), 0.0), taught, self.options.report)
        self.options.report(f"{recipe.name}: {outcome}")
        average = run.average.module
        write_state(
            {key: value.cpu().contiguous() for key, value in average.network.state_dict().items()}, run.best_path
        )
        return average, outcome

    def _keep(self, recipe: Recipe, last: Recipe, detector: Detector, outcome: Sprint) -> None:
        """Judge what a recipe's last step made, note how it went, and pack it; it is averaged unless it was pruned, or
        follows a teacher, which was averaged itself."""
        folder, facts = self.recipe_runner.checkpoints / recipe.name, dict[str, Any]()
        if recipe.pruning or recipe.alpha > FOLLOWING:
            measured = judge(detector, self.judging)
        else:
            start = self.recipe_runner.taken_up(last).network.state_dict()
            facts["share"], measured = average_with_start(detector, start, self.judging)
            state = detector.network.state_dict()
            write_state({key: value.cpu().contiguous() for key, value in state.items()}, folder / "best.pt")
            self.options.report(f"{recipe.name}: {facts['share']:.0%} of what it learnt is kept")
        self.options.report(f"{recipe.name}: AUC " + ", ".join(f"{of} {value:.4f}" for of, value in measured.items()))
        device = self.options.device
        named = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
        facts |= {"device": named, "sprint": {key: round(value, 4) for key, value in asdict(outcome).items()}}
        write_note(recipe, folder, facts | {"judged": measured} | self.provenance)
        if self.options.parcels:
            self.options.parcels.add(recipe.name, detector, folder)
