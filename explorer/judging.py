"""The one way from a clip to its verdicts: page, API, command and cluster ask here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explorer import limits
from explorer.detectors import openers, rows_of, views_of
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.pipeline import Event, analyse
from explorer.structures import OpenRunner
from model_zoo.zoo import Zoo


@dataclass(frozen=True)
class Question:
    """What is asked of a clip; no variants stand for all that are served, guests among them."""

    variants: tuple[str, ...] = ()
    frames: int = limits.DEFAULT_FRAMES
    finder: str = DEFAULT_FINDER
    engine: str = "auto"

    def names(self, zoo: Zoo) -> tuple[str, ...]:
        """The variants by name. Raises BadManifest."""
        return self.variants or tuple(rows_of(zoo))

    def runners(self, zoo: Zoo) -> dict[str, OpenRunner]:
        """What opens each variant, by name. Raises BadManifest."""
        return openers(zoo, self.names(zoo), self.engine)


def judge(path: Path, question: Question, zoo: Zoo, name: str | None = None) -> Iterator[Event]:
    """Progress, each variant's result or error, and last the Report. Raises our own errors, as `analyse` does."""
    find_faces, views = finder_named(question.finder), views_of(zoo, question.names(zoo))
    runners, frames = question.runners(zoo), question.frames
    return analyse(path, runners, find_faces, examine=log_odds, frames=frames, name=name, views=views)
