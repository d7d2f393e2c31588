"""Faces by OpenCV's Haar cascade."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from explorer.faces.boxes import largest_first, transform_boxes
from explorer.faces.working_size import MIN_FACE_SIDE, scaled

# Haar's square lies differently on the face than MTCNN's box, which the crop geometry is stated for: the median
# relation on clips where both find the same face (benchmarks/finders.py prints it).
HAAR_SCALE = (0.82, 1.10)  # of its width and height
HAAR_SHIFT = (0.0, 0.02)
CLOSE_UP = 0.35  # of the shorter side of a picture with margins that a face fills, of which one edge cuts something off


@cache
def haar() -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
    """The cascade on frames at working size."""
    detect = haar_unscaled()

    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [detect(*scaled(image)) for image in images]

    return find


@cache
def haar_close_up() -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
    """The cascade on frames at working size, for large faces only, which takes little time."""
    detect = haar_unscaled()

    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        seen = [scaled(image) for image in images]
        return [detect(small, factor, round(CLOSE_UP * min(small.shape[:2]))) for small, factor in seen]

    return find


@cache
def haar_unscaled() -> Callable[..., np.ndarray]:
    """OpenCV's Haar cascade (Viola & Jones, CVPR 2001) with the seeds' tuning: a raised scale factor and minimum of
    neighbours, which trade small faces for fewer false positives.

    It takes an image (H, W, 3) as it is, and gives its boxes (N, 4), the largest first, times `factor` (by default 1);
    of faces at least `smallest` pixels wide.
    """
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).with_name("data") / "haarcascade_frontalface_default.xml"))

    def detect(image: np.ndarray, factor: float = 1.0, smallest: int = MIN_FACE_SIDE) -> np.ndarray:
        gray, least = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), max(smallest, MIN_FACE_SIDE)
        rectangles = cascade.detectMultiScale(gray, scaleFactor=1.2, minNeighbors=6, minSize=(least, least))
        boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in rectangles], np.float32).reshape(-1, 4)
        return largest_first(transform_boxes(boxes * factor, HAAR_SCALE, HAAR_SHIFT))

    return detect
