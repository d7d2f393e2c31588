"""Pictures as data URIs, which need no file beside the page."""

import base64

import cv2
import numpy as np

QUALITY = 90  # of a JPEG, 0 to 100


def thumbnail(image: np.ndarray, side: int) -> str:
    """RGB (H, W, 3) uint8 as a JPEG in a data URI, scaled down to `side` pixels on the longer side."""
    factor = min(side / max(image.shape[:2]), 1)
    size = [max(round(length * factor), 1) for length in image.shape[1::-1]]
    return data_uri(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def data_uri(image: np.ndarray, kind: str = "jpeg") -> str:
    """RGB (H, W, 3) uint8 as text that stands for a file; `kind` is "jpeg" or "png"."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, QUALITY] if kind == "jpeg" else []
    _, encoded = cv2.imencode(f".{kind}", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), settings)
    return f"data:image/{kind};base64,{base64.b64encode(encoded.tobytes()).decode()}"
