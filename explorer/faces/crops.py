"""The one crop geometry that training and serving share."""

import cv2
import numpy as np

from explorer.faces.boxes import crop_squares

CROP_SIDE = 224  # pixels; training crops are stored at this side, so serving passes through it too


def resize_crop(image: np.ndarray, size: int) -> np.ndarray:
    """A square crop (H, W, 3) uint8 -> (size, size, 3) uint8: averaged when it shrinks, cubic when it grows."""
    shrinks = image.shape[0] >= size
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def cut_face(image: np.ndarray, box: np.ndarray, size: int) -> np.ndarray:
    """The crop of the face in `box` (xyxy, pixels of the frame) as (size, size, 3) uint8.

    What lies outside the frame repeats its edge. Raises ValueError for a box without area.
    """
    square = np.rint(crop_squares(box)[0]).astype(int)
    x0, y0, x1, y1 = square
    if x1 <= x0 or y1 <= y0:
        raise ValueError(f"a face box needs an area, got {np.asarray(box).tolist()}")
    return resize_crop(padded_cut(image, square), size)


def padded_cut(image: np.ndarray, square: np.ndarray) -> np.ndarray:
    """What lies in the square (4,) int of an image (H, W, 3); what lies outside of it repeats its edge."""
    (x0, y0, x1, y1), (height, width) = square, image.shape[:2]
    inside = image[
        np.clip(y0, 0, height - 1) : np.clip(y1, 1, height), np.clip(x0, 0, width - 1) : np.clip(x1, 1, width)
    ]
    margins = (max(-y0, 0), max(y1 - height, 0), max(-x0, 0), max(x1 - width, 0))  # top, bottom, left, right
    if any(margins):
        inside = cv2.copyMakeBorder(inside, *margins, cv2.BORDER_REPLICATE)
    return inside


def cut_square(image: np.ndarray, square: np.ndarray, side: int) -> np.ndarray:
    """What lies in the square (4,) int, (side, side, 3) uint8; black outside of the frame."""
    (x0, y0, x1, y1), (height, width) = square, image.shape[:2]
    inside = image[np.clip(y0, 0, height) : np.clip(y1, 0, height), np.clip(x0, 0, width) : np.clip(x1, 0, width)]
    margins = (max(-y0, 0), max(y1 - height, 0), max(-x0, 0), max(x1 - width, 0))  # top, bottom, left, right
    if any(margins):
        inside = cv2.copyMakeBorder(inside, *margins, cv2.BORDER_CONSTANT)
    return cv2.resize(inside, (side, side), interpolation=cv2.INTER_AREA)
