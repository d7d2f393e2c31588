"""How good a detector is on labelled crops."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from scipy.special import expit
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    log_loss,
    roc_auc_score,
    roc_curve,
)

from explorer.faces.crops import resize_crop
from model_zoo.detector import Detector
from train.dataset.items import FAKE, REAL, Item
from train.errors import BadData

CALIBRATION_BINS = 15  # as in Guo et al., ICML 2017
ROC_POINTS, RELIABILITY_BINS = 60, 10  # as many as a figure in the page shows

Measures = dict[str, Any]


def score_items(
    run: Callable[[np.ndarray], np.ndarray], items: Sequence[Item], size: int, batch_size: int = 64
) -> np.ndarray:
    """Logits (N,) of the items, whole crops resized as in serving; `run` takes (B, size, size, 3) uint8, gives (B,).

    Raises BadData, naming the video, where an image is corrupt.
    """
    parts = []
    for start in range(0, len(items), batch_size):
        crops = np.stack([resize_crop(item.pixels(), size) for item in items[start : start + batch_size]])
        parts.append(run(crops))
    return np.concatenate(parts)


@torch.inference_mode()
def logits_of(detector: Detector, items: Sequence[Item], size: int, batch_size: int = 64) -> np.ndarray:
    """Logits (N,) of the items by a torch detector; its mode is given back. Raises as score_items does."""
    was_training = detector.training
    detector.eval()
    device = next(detector.parameters()).device

    def run(crops: np.ndarray) -> np.ndarray:
        return detector(torch.from_numpy(crops).to(device))[0].float().cpu().numpy()

    try:
        return score_items(run, items, size, batch_size)
    finally:
        detector.train(was_training)


def check_scored(labels: np.ndarray, scores: np.ndarray) -> None:
    """Raise BadData unless labels (N,) hold both classes and scores (N,), logits or p_fake, are finite numbers."""
    if labels.shape != scores.shape:
        raise BadData(f"{labels.size} labels do not fit {scores.size} scores; give one score a label")
    found = sorted(set(np.unique(labels).tolist()))
    if found != [REAL, FAKE]:
        raise BadData(f"the labels hold the classes {found}; measuring and calibrating need 0 (real) and 1 (fake)")
    if broken := int(np.count_nonzero(~np.isfinite(scores))):
        raise BadData(f"{broken} of {scores.size} scores are not finite; the detector's weights are broken")


def measures(
    labels: np.ndarray, logits: np.ndarray, threshold: float = 0.5, categories: Sequence[str] | None = None
) -> Measures:
    """measures_of_p_fake of sigmoid(logits): labels (N,) with 1 = fake, logits (N,). Raises BadData."""
    check_scored(labels, logits)  # before the sigmoid, which would make an infinite logit a probability
    return measures_of_p_fake(labels, expit(logits.astype(np.float64)), threshold, categories)


def measures_of_p_fake(
    labels: np.ndarray, p_fake: np.ndarray, threshold: float = 0.5, categories: Sequence[str] | None = None
) -> Measures:
    """What is known of labels (N,), 1 = fake, and p_fake (N,) in [0, 1]; all but `items` and `log_loss` lie in [0, 1].

    `accuracy` is taken at the threshold, and where categories (N names) are given also for each of them, under
    `per_category`. Raises BadData for one class only and for p_fake that is not finite.
    """
    check_scored(labels, p_fake)
    called_fake = p_fake > threshold
    found: Measures = {
        "items": int(labels.size),
        "auc": float(roc_auc_score(labels, p_fake)),
        "accuracy": float(accuracy_score(labels, called_fake)),
        "log_loss": float(log_loss(labels, p_fake, labels=[REAL, FAKE])),
        "eer": equal_error_rate(labels, p_fake),
        "average_precision": float(average_precision_score(labels, p_fake)),
        "ece": expected_calibration_error(labels, p_fake),
        "brier": float(brier_score_loss(labels, p_fake)),
    }
    if categories is not None:
        found["per_category"] = _per_category(labels, called_fake, np.asarray(categories))
    return found


def equal_error_rate(labels: np.ndarray, scores: np.ndarray) -> float:
    """Where the ROC curve's false-positive rate equals its false-negative rate, interpolated between its points."""
    false_positives, true_positives, _ = roc_curve(labels, scores)
    # fpr - fnr rises from -1 to 1 and every point adds to it, so it crosses 0 once
    return float(np.interp(0.0, false_positives - (1 - true_positives), false_positives))


def expected_calibration_error(labels: np.ndarray, p_fake: np.ndarray, bins: int = CALIBRATION_BINS) -> float:
    """Mean distance, item by item, of a bin's mean p_fake from its share of fakes, over equal-width bins (l, r].

    Naeini et al., AAAI 2015; Guo et al., ICML 2017, section 2, equation 3. Taken on p_fake as in
    the former, not on the confidence of the winning class as in the latter.
    """
    # by bin: items x (mean p_fake - share of fakes)
    excess = np.bincount(_bins_of(p_fake, bins), weights=p_fake - labels, minlength=bins)
    return float(np.abs(excess).sum() / labels.size)


def roc_points(labels: np.ndarray, p_fake: np.ndarray) -> dict[str, list[float]]:
    """Points of the ROC curve, ROC_POINTS at most, both ends among them: shares in [0, 1] with four digits.

    `false_positive_rate` is the share of real items called fake, `true_positive_rate` of fake ones.
    """
    false_positives, true_positives, _ = roc_curve(labels, p_fake)
    along = false_positives + true_positives  # every point adds to it, from 0 to 2
    kept = np.unique(np.searchsorted(along, np.linspace(0, 2, ROC_POINTS)))
    return {
        "false_positive_rate": np.round(false_positives[kept], 4).tolist(),
        "true_positive_rate": np.round(true_positives[kept], 4).tolist(),
    }


def reliability_bins(labels: np.ndarray, p_fake: np.ndarray) -> dict[str, list[float]]:
    """The equal-width bins (l, r] of p_fake that hold items: their mean `p_fake`, `fake_rate` and number of `items`.

    Means lie in [0, 1] and have four digits.
    """
    places = _bins_of(p_fake, RELIABILITY_BINS)
    items = np.bincount(places, minlength=RELIABILITY_BINS)
    held = items > 0
    means = {
        name: np.bincount(places, weights=values, minlength=RELIABILITY_BINS)[held] / items[held]
        for name, values in (("p_fake", p_fake), ("fake_rate", labels))
    }
    return {name: np.round(values, 4).tolist() for name, values in means.items()} | {"items": items[held].tolist()}


def _bins_of(p_fake: np.ndarray, bins: int) -> np.ndarray:
    """In which of so many equal-width bins (l, r] each p_fake (N,) lies: (N,) in 0..bins - 1."""
    return np.digitize(p_fake, np.linspace(0, 1, bins + 1)[1:-1], right=True)


def _per_category(
    labels: np.ndarray, called_fake: np.ndarray, categories: np.ndarray
) -> dict[str, dict[str, int | float]]:
    members = {str(name): categories == name for name in np.unique(categories)}
    return {
        name: {"items": int(of.sum()), "accuracy": float(accuracy_score(labels[of], called_fake[of]))}
        for name, of in members.items()
    }
