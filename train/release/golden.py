"""Golden logits: what a variant said when it was released, on crops that anyone can make again."""

from collections.abc import Callable

import numpy as np

CROPS = 4


def golden_crops(size: int) -> np.ndarray:
    """(CROPS, S, S, 3) uint8: soft random blobs, the same everywhere."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    crops = np.full((CROPS, size, size, 3), 96.0)
    for crop in crops:
        for _ in range(12):
            cx, cy, width = rng.random(3)
            blob = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (0.02 + 0.1 * width))
            crop += blob[..., None] * rng.uniform(-60, 60, 3)
    return np.clip(np.rint(crops), 0, 255).astype(np.uint8)


def golden_logits(run: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], size: int) -> np.ndarray:
    """(CROPS,) logits of a runnable variant."""
    return run(golden_crops(size))[0]
