"""What a detector's numbers on labelled items are worth: of clips for the command, of crops for training."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.metrics import average_precision_score, roc_curve

from model_zoo.errors import BadScores
from model_zoo.intervals import Estimate, bootstrapped, share_estimate

REAL, FAKE = 0, 1  # labels
CALIBRATION_BINS = 15  # as in Guo et al., ICML 2017
ROC_POINTS, RELIABILITY_BINS = 60, 10  # as many as a figure in the page shows

Measures = dict[str, Any]


def check_scored(labels: np.ndarray, scores: np.ndarray) -> None:
    """Raise BadScores unless labels (N,) hold both classes and scores (N,), logits or p_fake, are finite numbers."""
    if labels.shape != scores.shape:
        raise BadScores(f"{labels.size} labels do not fit {scores.size} scores; give one score a label")
    found = sorted(set(np.unique(labels).tolist()))
    if found != [REAL, FAKE]:
        raise BadScores(f"the labels hold the classes {found}; measuring and calibrating need 0 (real) and 1 (fake)")
    if broken := int(np.count_nonzero(~np.isfinite(scores))):
        raise BadScores(f"{broken} of {scores.size} scores are not finite; the detector's weights are broken")


def measures(
    labels: np.ndarray, logits: np.ndarray, threshold: float = 0.5, categories: Sequence[str] | None = None
) -> Measures:
    """measures_of_p_fake of sigmoid(logits): labels (N,) with 1 = fake, logits (N,). Raises BadScores."""
    check_scored(labels, logits)  # before the sigmoid, which would make an infinite logit a probability
    return measures_of_p_fake(labels, expit(logits.astype(np.float64)), threshold, categories)


def measures_of_p_fake(
    labels: np.ndarray, p_fake: np.ndarray, threshold: float = 0.5, categories: Sequence[str] | None = None
) -> Measures:
    """What is known of labels (N,), 1 = fake, and p_fake (N,) in [0, 1]; all but `items` and `log_loss` lie in [0, 1].

    `accuracy` is taken at the threshold, and where categories (N names) are given also for each of them, under
    `per_category`. Raises BadScores for one class only and for p_fake that is not finite.
    """
    check_scored(labels, p_fake)
    called_fake = p_fake > threshold
    found: Measures = {
        "items": int(labels.size),
        "auc": auc(labels, p_fake),
        "accuracy": float(np.mean(called_fake == labels)),
        "log_loss": log_loss(labels, p_fake),
        "eer": equal_error_rate(labels, p_fake),
        "average_precision": float(average_precision_score(labels, p_fake)),
        "ece": expected_calibration_error(labels, p_fake),
        "brier": float(np.mean((p_fake - labels) ** 2)),
    }
    if categories is not None:
        found["per_category"] = _per_category(labels, called_fake, np.asarray(categories))
    return found


def estimates(labels: np.ndarray, p_fake: np.ndarray, threshold: float = 0.5) -> dict[str, Estimate]:
    """What labels (N,), 1 = fake, and p_fake (N,) in [0, 1] say, each with the 95 % interval in which it may lie.

    `auc`, `eer`, `log_loss` and `ece`, by bootstrap, want both classes; `accuracy`, `false_alarms` (the share of reals
    called fake) and `caught` (of fakes) have the exact interval of a share: a bootstrap of ten right ones of ten has no
    width. What cannot be measured is left out. Raises BadScores for p_fake that is not finite.
    """
    called_fake, found = p_fake > threshold, {}
    if broken := int(np.count_nonzero(~np.isfinite(p_fake))):
        raise BadScores(f"{broken} of {p_fake.size} scores are not finite; the detector's weights are broken")
    if set(np.unique(labels).tolist()) == {REAL, FAKE}:
        found = bootstrapped(labels, p_fake, _BOOTSTRAPPED)
    if labels.size:
        found["accuracy"] = share_estimate(int((called_fake == labels).sum()), labels.size)
    for name, label in (("false_alarms", REAL), ("caught", FAKE)):
        if (of := labels == label).any():
            found[name] = share_estimate(int(called_fake[of].sum()), int(of.sum()))
    return found


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Of a fake and a real item drawn at random, how often the fake has the higher score, ties half."""
    false_positives, true_positives = _roc(labels, scores)
    return float(np.trapezoid(true_positives, false_positives))


def equal_error_rate(labels: np.ndarray, scores: np.ndarray) -> float:
    """Where the ROC curve's false-positive rate equals its false-negative rate, interpolated between its points."""
    false_positives, true_positives = _roc(labels, scores)
    # fpr - fnr rises from -1 to 1 and every point adds to it, so it crosses 0 once
    return float(np.interp(0.0, false_positives - (1 - true_positives), false_positives))


def log_loss(labels: np.ndarray, p_fake: np.ndarray) -> float:
    """Mean -log of what was said of the right class, in nats; certainty that is wrong counts as one of 1 - 2e-16."""
    right = np.where(labels == FAKE, p_fake, 1 - p_fake)
    return float(-np.log(np.clip(right, np.finfo(np.float64).eps, 1)).mean())


def _roc(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False- and true-positive rates (M,), one pair for each score from the highest down, from 0 to 1."""
    order = np.argsort(-scores, kind="stable")
    lasts = np.append(np.flatnonzero(np.diff(scores[order])), len(order) - 1)  # of each score
    fakes = np.concatenate([[0], np.cumsum(labels[order])[lasts]])
    reals = np.concatenate([[0], lasts + 1]) - fakes
    return reals / reals[-1], fakes / fakes[-1]


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
        name: {"items": int(of.sum()), "accuracy": float(np.mean(called_fake[of] == labels[of]))}
        for name, of in members.items()
    }


_BOOTSTRAPPED = {"auc": auc, "eer": equal_error_rate, "log_loss": log_loss, "ece": expected_calibration_error}
