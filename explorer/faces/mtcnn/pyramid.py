"""The levels of an image pyramid laid out on one sheet, so that a network sees them all at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.faces.mtcnn.integral import IntegralImages

CELL, STRIDE = 12, 2  # pixels of a level that MTCNN's first network sees at once, and how far apart it looks
SCALE_FACTOR = 0.709  # from one level to the next
WIDTH, STEP = 242, 48  # pixels: sheets of few sizes, because an engine prepares itself for each anew


@dataclass(frozen=True)
class Level:
    """A frame at `scale`, `height` x `width` pixels, from `top` and `left` (even) on the sheet."""

    scale: float
    height: int
    width: int
    top: int
    left: int

    def cells(self, output: np.ndarray) -> np.ndarray:
        """What the network says (B, C, h, w) of the sheet, as far as it saw nothing but this level."""
        (top, down), (left, across) = ((at // STRIDE, _even(side) // STRIDE - (CELL // STRIDE - 1)) for at, side in (
            (self.top, self.height), (self.left, self.width)
        ))  # fmt: skip
        return output[:, :, top : top + down, left : left + across]


@dataclass(frozen=True)
class Pyramid:
    """The levels, the largest first, and the sheet's size."""

    levels: tuple[Level, ...]
    height: int
    width: int

    def sheet(self, images: IntegralImages) -> np.ndarray:
        """All levels of frames, (B, 3, height, width) float32 grey levels; what lies between them is grey."""
        sheet = np.full((images.count, 3, self.height, self.width), 127.5, np.float32)
        for level in self.levels:
            image = images.resized(level.height, level.width)
            odd = ((0, 0), (0, 0), (0, level.height % 2), (0, level.width % 2))  # an odd side is continued
            image = np.pad(image, odd, mode="edge") if level.height % 2 or level.width % 2 else image
            bottom, right = level.top + image.shape[2], level.left + image.shape[3]
            sheet[:, :, level.top : bottom, level.left : right] = image
        return sheet


@lru_cache(256)
def pyramid(height: int, width: int, smallest: int) -> Pyramid:
    """Of frames of that size, for faces of at least `smallest` pixels; without levels where none would fit.

    Levels stand on shelves, each on the first one with room for it.
    """
    levels: list[Level] = []
    shelves: list[list[int]] = []  # of each its top, its height and how far it is taken
    sizes = list(_sizes(height, width, smallest))
    sheet_width = max([WIDTH, *(_even(size[2]) for size in sizes)])
    for scale, tall, wide in sizes:
        room = (s for s in shelves if s[1] >= _even(tall) and s[2] + _even(wide) <= sheet_width)
        if (shelf := next(room, None)) is None:
            shelf = [sum(s[1] for s in shelves), _even(tall), 0]
            shelves.append(shelf)
        levels.append(Level(scale, tall, wide, shelf[0], shelf[2]))
        shelf[2] += _even(wide)
    return Pyramid(tuple(levels), -(-sum(shelf[1] for shelf in shelves) // STEP) * STEP, sheet_width)


def _sizes(height: int, width: int, smallest: int) -> Iterator[tuple[float, int, int]]:
    """Scale, height and width of each level."""
    scale = CELL / smallest
    while min(height, width) * scale >= CELL:
        yield scale, int(height * scale + 1), int(width * scale + 1)
        scale *= SCALE_FACTOR


def _even(side: int) -> int:
    return side + side % 2
