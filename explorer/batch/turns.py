"""Many clips of one visitor, each a job of its own between which others get their turn."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from explorer.batch.work import Work
from explorer.exports.scores import Row
from explorer.structures import Progress
from explorer.turns import WORK, Turns


def in_turns(paths: Sequence[Path], work: Work, turns: Turns = WORK) -> Iterator[Progress | Row]:
    """How far the batch is, and each clip's row; every clip waits for its turn, and has its own time."""
    for done, path in enumerate(paths):
        waiting = Progress(f"{path.name}: waiting for its turn", done, len(paths))
        job = partial(_named, path, work, replace(waiting, stage=path.name))
        yield from turns.in_turn(job, waiting)


def _named(path: Path, work: Work, batch: Progress) -> Iterator[Progress | Row]:
    """A clip's events; its progress is told as that of the batch, with the clip's name before the stage."""
    for event in work.steps(path):
        yield replace(batch, stage=f"{batch.stage}: {event.stage}") if isinstance(event, Progress) else event
