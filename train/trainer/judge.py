"""A quick look at a detector on the device it is trained on."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from model_zoo.detector import Detector
from train.dataset.items import FAKE, REAL
from train.dataset.judging import DFDC, JudgingSet
from train.trainer.device import autocast

BATCH = 128


@torch.inference_mode()
def judge(detector: Detector, judging: JudgingSet) -> dict[str, float]:
    """AUC on DFDC's validation crops (`dfdc`), and of the calibration group's clips by kind of forgery (clip means).

    `real_called_fake` is the share of those real clips with a mean p_fake above 1/2. The detector's mode is given back.
    """
    p_fake = _p_fake(detector, judging.crops)
    dfdc = judging.families == DFDC
    measured = {"dfdc": roc_auc_score(judging.labels[dfdc], p_fake[dfdc])}
    _, first, which = np.unique(judging.clips[~dfdc], return_index=True, return_inverse=True)
    means = np.bincount(which, p_fake[~dfdc]) / np.bincount(which)  # (clips,)
    labels, families = judging.labels[~dfdc][first], judging.families[~dfdc][first]
    real = means[labels == REAL]
    for family in np.unique(families[labels == FAKE]):
        fake = means[families == family]
        measured[str(family)] = roc_auc_score(np.repeat([REAL, FAKE], [len(real), len(fake)]), np.append(real, fake))
    if len(real):
        measured["real_called_fake"] = (real > 0.5).mean()
    return {name: round(float(value), 4) for name, value in measured.items()}


def _p_fake(detector: Detector, crops: np.ndarray) -> np.ndarray:
    was_training = detector.training
    detector.eval()
    device = next(detector.parameters()).device
    parts = []
    with autocast(device):
        for start in range(0, len(crops), BATCH):
            batch = torch.from_numpy(crops[start : start + BATCH]).to(device)
            parts.append(detector.score(batch).float().sigmoid().cpu().numpy())
    detector.train(was_training)
    return np.concatenate(parts)
