"""A file read by what it holds: a clip by FFmpeg, a picture by Pillow; both give clips."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from explorer.origin import Container
from explorer.structures import ClipInfo, Frame
from explorer.video import container, reader, stills, timeline


def advice(path: Path) -> str:
    """What to do with a file that cannot be read."""
    return stills.ADVICE if stills.kind_of(path) else timeline.ADVICE


def probe(path: Path, name: str | None = None) -> ClipInfo:
    """What it is. Raises UnreadableClip or ClipTooLarge."""
    return (stills if stills.kind_of(path) else reader).probe(path, name)


def read_frames(path: Path, info: ClipInfo, times: np.ndarray, longest: int | None = None) -> Iterator[Frame]:
    """The frames at `times` (ascending, from sample_times), upright RGB, scaled as `fitted` says.

    Raises UnreadableClip.
    """
    return (stills if stills.kind_of(path) else reader).read_frames(path, info, times, longest)


def read_facts(path: Path, info: ClipInfo) -> Container:
    """What it says of its origin beside its pictures. Raises UnreadableClip."""
    return stills.read_facts(path, info) if stills.kind_of(path) else container.read_container(path, info)
