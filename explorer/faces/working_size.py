"""The size at which faces are sought."""

import cv2
import numpy as np

WORKING_SIDE = 640  # frames are scaled to about this many pixels on the longer side before detection
MIN_FACE_SIDE = 32  # pixels, on the scaled frame


def scaled(image: np.ndarray) -> tuple[np.ndarray, float]:
    """The frame (H, W, 3) uint8 at working size, and the factor that leads back to its own pixels."""
    factor = max(image.shape[:2]) / WORKING_SIDE
    if factor <= 1:
        return image, 1.0
    size = (max(round(image.shape[1] / factor), 1), max(round(image.shape[0] / factor), 1))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor
