"""How good a detector is on labelled crops."""

from collections.abc import Sequence

import numpy as np
import torch
from scipy.special import expit
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score

from explorer.crops import resize_crop
from model_zoo.detector import Detector
from train.sources import Item


@torch.inference_mode()
def logits_of(detector: Detector, items: Sequence[Item], size: int, batch_size: int = 64) -> np.ndarray:
    """Logits (N,) of the items, whole crops resized as in serving; the detector's mode is given back."""
    was_training = detector.training
    detector.eval()
    parts = []
    for start in range(0, len(items), batch_size):
        crops = np.stack([resize_crop(item.pixels(), size) for item in items[start : start + batch_size]])
        parts.append(detector(torch.from_numpy(crops))[0].float().numpy())
    detector.train(was_training)
    return np.concatenate(parts)


def measures(labels: np.ndarray, logits: np.ndarray, threshold: float = 0.5) -> dict[str, float]:
    """Area under the ROC curve, accuracy at the threshold and log loss, on (N,) labels (1 = fake) and logits."""
    p_fake = expit(logits.astype(np.float64))
    return {
        "items": int(labels.size),
        "auc": float(roc_auc_score(labels, p_fake)),
        "accuracy": float(accuracy_score(labels, p_fake > threshold)),
        "log_loss": float(log_loss(labels, p_fake, labels=[0, 1])),
    }
