"""Labels beside faces in a picture, never over one."""

from collections.abc import Sequence

import cv2
import numpy as np

LINE, GAP = 22, 6  # pixels of a line, and between a label and its face
Line = tuple[str, str]  # words, and "#rrggbb" of the mark before them, or nothing


def free_place(
    width: int, height: int, face: np.ndarray, taken: np.ndarray, picture: tuple[int, int]
) -> tuple[int, int] | None:
    """The upper left corner, in pixels, of a label of this size beside its face (4,) and over none of the boxes `taken`
    (N, 4), in a picture (H, W): below, above, right or left of the face; None where there is no room."""
    high, wide = picture
    x0, y0, x1, y1 = np.rint(face).astype(int).tolist()
    left, top = max(min(x0, wide - width), 0), max(min(y0, high - height), 0)
    for x, y in ((left, y1 + GAP), (left, y0 - GAP - height), (x1 + GAP, top), (x0 - GAP - width, top)):
        inside = x >= 0 and y >= 0 and x + width <= wide and y + height <= high
        if inside and all(x + width <= a or x >= c or y + height <= b or y >= d for a, b, c, d in taken):
            return x, y
    return None


def write_label(image: np.ndarray, face: np.ndarray, taken: np.ndarray, lines: Sequence[Line]) -> np.ndarray:
    """Write lines of text, white on dark, beside a face in an image (H, W, 3) uint8, where there is room for them.

    Gives the boxes `taken` (N, 4), which they leave free, and their own place.
    """
    if not lines:
        return taken
    sizes = [cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.5, 1)[0] for text, _ in lines]
    width, height = max(size[0] for size in sizes) + 28, LINE * len(lines)
    place = free_place(width, height, face, taken, image.shape[:2])
    if place is None:
        return taken
    x, y = place
    cv2.rectangle(image, (x, y), (x + width, y + height - 1), (24, 24, 24), cv2.FILLED)
    for row, (text, colour) in enumerate(lines):
        top, white = y + row * LINE, (245, 245, 245)
        if colour:
            cv2.rectangle(image, (x + 5, top + 6), (x + 14, top + 15), _rgb(colour), cv2.FILLED)
        left = x + (20 if colour else 6)
        cv2.putText(image, text, (left, top + 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, white, 1, cv2.LINE_AA)
    return np.vstack([taken, [x, y, x + width, y + height]])


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
