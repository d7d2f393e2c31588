"""From the fake probabilities of faces to the verdicts on people and on their clip."""

from collections.abc import Sequence

import numpy as np

from explorer.stretches import forged_stretches
from explorer.structures import PersonScore

FAKE, REAL, UNCERTAIN, NO_FACE = "fake", "real", "uncertain", "no face"
UNCERTAIN_BAND = 0.10  # to either side of the threshold, for a release that records no band of its own

Band = tuple[float, float]  # between its ends a p_fake is too close to call


def probabilities(logits: np.ndarray) -> np.ndarray:
    """p_fake = sigmoid(logit), (N,) -> (N,) float64 in [0, 1], without overflow."""
    logits = np.asarray(logits, np.float64)
    return np.exp(-np.logaddexp(0, -logits))


def fake_frame_rate(frame_p_fake: np.ndarray, threshold: float) -> float | None:
    """The share of frames (T,) above the threshold, or None where there are none."""
    return float(np.mean(np.asarray(frame_p_fake) > threshold)) if len(frame_p_fake) else None


def uncertain_band(threshold: float, recorded: Sequence[float] = ()) -> Band:
    """The band that a release records, or else UNCERTAIN_BAND to either side of the threshold, within [0, 1]."""
    if recorded:
        low, high = recorded
        return float(low), float(high)
    return max(threshold - UNCERTAIN_BAND, 0.0), min(threshold + UNCERTAIN_BAND, 1.0)


def verdict(p_fake: float | None, threshold: float, uncertain: Band) -> str:
    """`fake`, `real`, `uncertain` (inside of that band) or `no face` (p_fake is None)."""
    if p_fake is None:
        return NO_FACE
    low, high = uncertain
    if low < p_fake < high:
        return UNCERTAIN
    return FAKE if p_fake > threshold else REAL


def judge_people(
    p_fake: np.ndarray, persons: np.ndarray, times: np.ndarray, threshold: float, uncertain: Band
) -> tuple[PersonScore, ...]:
    """Scores of the people; p_fake (N,) in [0, 1], persons (N,) and ascending times (N,) are those of the faces.

    The first is the most suspicious, who decides over the clip: of those who are fake, where anybody is, the one with
    the highest p_fake. A forged stretch makes a person fake, whatever the mean over the rest.
    """
    scores = []
    for person in np.unique(persons):
        own = p_fake[persons == person]
        mean, stretches = float(own.mean()), forged_stretches(own, times[persons == person], threshold)
        word = FAKE if stretches else verdict(mean, threshold, uncertain)
        scores.append(PersonScore(int(person), len(own), mean, word, stretches))
    return tuple(sorted(scores, key=lambda score: (score.verdict != FAKE, -score.p_fake)))
