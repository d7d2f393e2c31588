"""The one way from a clip to its verdicts: page, API, command and cluster ask here."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from explorer import limits
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.inference.runners import open_runner
from explorer.pipeline import Event, analyse
from explorer.structures import OpenRunner
from model_zoo.manifest import read_manifest
from model_zoo.zoo import Zoo


@dataclass(frozen=True)
class Question:
    """What is asked of a clip; no variants stand for all that are released."""

    variants: tuple[str, ...] = ()
    frames: int = limits.DEFAULT_FRAMES
    finder: str = DEFAULT_FINDER
    engine: str = "auto"

    def names(self, zoo: Zoo) -> tuple[str, ...]:
        """The variants by name. Raises BadManifest."""
        return self.variants or tuple(read_manifest(zoo.release).variants)

    def runners(self, zoo: Zoo) -> dict[str, OpenRunner]:
        """What opens each variant, by name. Raises BadManifest."""
        return {name: partial(open_runner, name, self.engine, zoo.release) for name in self.names(zoo)}


def judge(path: Path, question: Question, zoo: Zoo, name: str | None = None) -> Iterator[Event]:
    """Progress, each variant's result or error, and last the Report. Raises our own errors, as `analyse` does."""
    find_faces = finder_named(question.finder)
    return analyse(path, question.runners(zoo), find_faces, examine=log_odds, frames=question.frames, name=name)
