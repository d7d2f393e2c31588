"""Faces that the picture cuts off, found once more in a picture with a margin."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from explorer.faces.boxes import areas

MIN_SHARE = 0.25  # of the picture that a face fills, before it is looked at again
MARGIN = 1 / 3  # of the picture's longer side, in which its edge is repeated

Find = Callable[[Sequence[np.ndarray]], list[np.ndarray]]


def with_margins(find: Find, find_again: Find, *, missed: bool = False) -> Find:
    """`find`, where the largest face fills MIN_SHARE of a frame and its box leaves it, followed by `find_again`.

    Networks that see part of a face misjudge where the rest of it lies; a margin gives them room for it. Boxes are
    those of the frame, and may leave it. `missed` says that frames without a face are looked at again, too.
    """

    def find_both(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        boxes = list(find(images))
        for index, image in enumerate(images):
            if _cut_off(boxes[index], image) or (missed and not len(boxes[index])):
                margin = round(MARGIN * max(image.shape[:2]))
                room = cv2.copyMakeBorder(image, *4 * (margin,), cv2.BORDER_REPLICATE)
                again = find_again([room])[0] - np.float32(margin)
                boxes[index] = again if len(again) else boxes[index]
        return boxes

    return find_both


def _cut_off(boxes: np.ndarray, image: np.ndarray) -> bool:
    """Whether the first of the boxes (N, 4), the largest, is large and leaves the image."""
    height, width = image.shape[:2]
    if not len(boxes) or areas(boxes[:1])[0] < MIN_SHARE * height * width:
        return False
    x0, y0, x1, y1 = boxes[0]
    return bool(x0 < 0 or y0 < 0 or x1 > width or y1 > height)
