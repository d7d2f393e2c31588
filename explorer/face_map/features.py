"""What a detector makes of a face before it judges."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model_zoo.detector import Detector

_BATCH_SIZE = 32  # crops in memory as activations at a time


def features_of(detector: "Detector", crops: np.ndarray) -> np.ndarray:
    """Face crops (N, S, S, 3) uint8 -> pooled features (N, C) float32, the input of the detector's linear layer."""
    import torch  # loaded where it is needed

    with torch.inference_mode():
        pooled = [
            detector.network.forward_features(detector.normalise(batch)).mean((2, 3))  # (n, C, h, w) -> (n, C)
            for batch in torch.from_numpy(np.ascontiguousarray(crops)).split(_BATCH_SIZE)
        ]
    return torch.cat(pooled).numpy()
