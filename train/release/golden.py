"""Golden logits: what a variant said when it was released, on crops that anyone can make again."""

from collections.abc import Sequence

import numpy as np

from explorer.structures import InferenceFunction

CROPS = 4


def golden_crops(shape: Sequence[int]) -> np.ndarray:
    """(CROPS, S, S, 3) or (CROPS, T, S, S, 3) uint8: soft random blobs, the same everywhere, and at all T times."""
    *times, size, _, _ = shape
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0 : 1 : size * 1j, 0 : 1 : size * 1j]
    crops = np.full((CROPS, size, size, 3), 96.0)
    for crop in crops:
        for _ in range(12):
            cx, cy, width = rng.random(3)
            blob = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (0.02 + 0.1 * width))
            crop += blob[..., None] * rng.uniform(-60, 60, 3)
    crops = np.clip(np.rint(crops), 0, 255).astype(np.uint8)
    return np.repeat(crops[:, None], times[0], axis=1) if times else crops


def golden_logits(run: InferenceFunction, shape: Sequence[int]) -> np.ndarray:
    """(CROPS,) logits of a runnable variant on crops of its shape."""
    return run(golden_crops(shape))[0]
