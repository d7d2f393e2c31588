"""Small pictures as data URIs, which need no file beside the page."""

import base64

import cv2
import numpy as np


def thumbnail(image: np.ndarray, side: int, quality: int = 85) -> str:
    """RGB (H, W, 3) uint8 as a JPEG in a data URI, scaled down to `side` pixels on the longer side."""
    factor = min(side / max(image.shape[:2]), 1)
    size = [max(round(length * factor), 1) for length in image.shape[1::-1]]
    small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return f"data:image/jpeg;base64,{base64.b64encode(encoded).decode()}"
