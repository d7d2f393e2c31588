"""Faces by OpenCV's Haar cascade."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from explorer.faces.boxes import largest_first, transform_boxes
from explorer.faces.working_size import SMALLEST_FACE, scaled

# Haar's square lies differently on the face than MTCNN's box, which the crop geometry is stated for: the median
# relation on clips where both find the same face (benchmarks/finders.py prints it).
HAAR_SCALE = (0.82, 1.10)  # of its width and height
HAAR_SHIFT = (0.0, 0.02)


@cache
def haar() -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
    """OpenCV's Haar cascade (Viola & Jones, CVPR 2001) with the seeds' tuning: a raised scale factor and minimum of
    neighbours, which trade small faces for fewer false positives."""
    cascade = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"))

    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        found = []
        for image in images:
            small, factor = scaled(image)
            gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
            rectangles = cascade.detectMultiScale(
                gray, scaleFactor=1.2, minNeighbors=6, minSize=(SMALLEST_FACE, SMALLEST_FACE)
            )
            boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in rectangles], np.float32).reshape(-1, 4)
            found.append(largest_first(transform_boxes(boxes * factor, HAAR_SCALE, HAAR_SHIFT)))
        return found

    return find
