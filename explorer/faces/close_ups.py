"""Faces that the picture cuts off, found once more in a picture with a margin."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from explorer.faces.boxes import areas

MIN_SHARE = 0.25  # of the picture that a face fills, before it is looked at again
MARGIN = 1 / 3  # of the picture's longer side, in which its edge is repeated

Find = Callable[[Sequence[np.ndarray]], list[np.ndarray]]


def cut_off(boxes: np.ndarray, image: np.ndarray) -> bool:
    """Whether the first of the boxes (N, 4), the largest, fills MIN_SHARE of the image and leaves it."""
    height, width = image.shape[:2]
    if not len(boxes) or areas(boxes[:1])[0] < MIN_SHARE * height * width:
        return False
    x0, y0, x1, y1 = boxes[0]
    return bool(x0 < 0 or y0 < 0 or x1 > width or y1 > height)


def missed(boxes: np.ndarray, image: np.ndarray) -> bool:
    """Whether nothing was found: a finder that knows whole faces alone sees no part of one."""
    return not len(boxes)


def with_margins(find: Find, find_again: Find, doubtful: Callable[[np.ndarray, np.ndarray], bool] = cut_off) -> Find:
    """`find`, and `find_again` where its boxes and the image are `doubtful`.

    Networks that see part of a face misjudge where the rest of it lies; a margin gives them room for it. Boxes are
    those of the frame, and may leave it.
    """

    def find_both(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        boxes = list(find(images))
        for index, image in enumerate(images):
            if doubtful(boxes[index], image):
                margin = round(MARGIN * max(image.shape[:2]))
                room = cv2.copyMakeBorder(image, *4 * (margin,), cv2.BORDER_REPLICATE)
                again = find_again([room])[0] - np.float32(margin)
                boxes[index] = again if len(again) else boxes[index]
        return boxes

    return find_both
