"""A file of the corpus, and what is expected of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

# "either": damaged at random, so that a report and a refusal are both right; anything else is wrong.
Expected = Literal["readable", "refused", "either"]


@dataclass(frozen=True)
class Case:
    """`path` is relative to the corpus's folder until `place` puts it there; `write` makes the file.

    Of a readable file, `size` is its upright (width, height) and `frames` the (least, most) that 8 asked for give;
    `shows_picture` says that its frames are clips.picture(). `words` stand in a refused file's sentence.
    `called` is the name that the user gave it, where that is no file name; `named` is what its sentence must keep of
    its name.
    """

    name: str
    path: Path
    expected: Expected
    write: Callable[[Path], object] = field(repr=False, compare=False)
    size: tuple[int, int] | None = None
    frames: tuple[int, int] = (8, 8)
    shows_picture: bool = False
    words: str = ""
    called: str | None = None
    named: str = ""

    def place(self, folder: Path) -> "Case":
        """This case with its file in `folder`."""
        return replace(self, path=folder / self.path)


def readable(name: str, write: Callable[[Path], object], size: tuple[int, int] = (96, 64), **facts) -> Case:
    """A file that is to give a report; its name is the case's."""
    return Case(name, Path(name), "readable", write, size, **{"named": name} | facts)


def refused(name: str, write: Callable[[Path], object], words: str = "", **facts) -> Case:
    """A file that is to be refused with a sentence that names it and holds `words`."""
    return Case(name, Path(name), "refused", write, words=words, **{"named": name} | facts)


def either(name: str, write: Callable[[Path], object], **facts) -> Case:
    """A file that may give a report or be refused."""
    return Case(name, Path(name), "either", write, named=name, **facts)
