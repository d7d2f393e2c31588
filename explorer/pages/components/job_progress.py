"""One bar for a whole job: how far it is, over all of its stages, and about how long it will still take."""

from collections.abc import Mapping
from html import escape
from time import perf_counter

from explorer.structures import Progress

# What share of a job's time its stages take, in their order, by how their names begin; "" is any other stage.
ANALYSIS: Mapping[str, float] = {"reading the clip": 1, "finding faces": 13, "running": 6}
DRAWING: Mapping[str, float] = {"drawing the annotated clip": 6, "drawing the mosaic": 1}
JUDGING_AGAIN: Mapping[str, float] = {"reading": 1, "": 2}
RACE: Mapping[str, float] = {"reading": 1, "": 12}
BATCH: Mapping[str, float] = {"": 1}
TIMING: Mapping[str, float] = {"": 1}
SURE_S = 1.0  # of work, before which what is left is a guess


class JobProgress:
    """The bar of one job, whose stages take these `shares` of its time."""

    def __init__(self, shares: Mapping[str, float]):
        self.shares, self.began = shares, perf_counter()
        self.first = Progress("", 0, 1)  # of the stage that runs
        self.reached = 0.0

    def bar(self, event: Progress) -> str:
        """HTML of the bar, which never goes back, with the stage in words; it is not announced, its stages are."""
        if event.stage != self.first.stage:
            self.first = event
        self.reached = max(self.reached, self._done(event))
        left_s = self.left_s()
        left = "" if left_s is None else f", about {max(left_s, 1):.0f} s left"
        at = event if event.total == self.first.total else self.first
        words = f"{escape(event.stage)}: {at.done} of {at.total}{left}"
        bar = f'<progress value="{self.reached:.3f}" max="1" aria-label="the whole job"></progress>'
        return f'<div class="stage" data-stage="{escape(event.stage)}">{words}{bar}</div>'

    def left_s(self) -> float | None:
        """Seconds, as quickly as so far, or None while that is a guess."""
        spent = perf_counter() - self.began
        return spent * (1 - self.reached) / self.reached if self.reached and spent > SURE_S else None

    def _done(self, event: Progress) -> float:
        """The share of the whole job; a step that counts steps of its own, as a variant its batches, lies in the step
        that its stage began with."""
        key = next((key for key in self.shares if event.stage.startswith(key)), None)
        if key is None:
            return self.reached
        done = event.done / max(event.total, 1)
        if event.total != self.first.total:
            done = (self.first.done + done) / max(self.first.total, 1)
        keys = list(self.shares)
        before = sum(self.shares[earlier] for earlier in keys[: keys.index(key)])
        return (before + self.shares[key] * done) / sum(self.shares.values())
