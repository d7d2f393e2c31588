"""Many clips of one visitor, each a job of its own between which others get their turn."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, count
from pathlib import Path

from explorer.batch.work import Work
from explorer.exports.scores import Row
from explorer.structures import Progress
from explorer.turns import WORK, Turns
from explorer.video.decoder import printable


def names_of(paths: Sequence[Path]) -> list[str]:
    """What the clips are called in a table: their names fit for a sentence, and no two alike."""
    names: dict[str, None] = {}
    for path in paths:
        spellings = chain([path.name], (f"{path.stem} ({number}){path.suffix}" for number in count(2)))
        names[next(name for name in map(printable, spellings) if name not in names)] = None
    return list(names)


def in_turns(paths: Sequence[Path], work: Work, turns: Turns = WORK) -> Iterator[Progress | Row]:
    """How far the batch is, and each clip's row; every clip waits for its turn, and has its own time."""
    for done, (path, name) in enumerate(zip(paths, names_of(paths), strict=True)):
        waiting = Progress(f"{name}: waiting for its turn", done, len(paths))
        job = partial(_named, path, name, work, replace(waiting, stage=name))
        yield from turns.in_turn(job, waiting)


def _named(path: Path, name: str, work: Work, batch: Progress) -> Iterator[Progress | Row]:
    """A clip's events; its progress is told as that of the batch, with the clip's name before the stage."""
    for event in work.steps(path, name):
        yield replace(batch, stage=f"{name}: {event.stage}") if isinstance(event, Progress) else event
