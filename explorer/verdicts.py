"""From the fake probabilities of faces to the verdicts on people and on their clip."""

from collections.abc import Sequence

import numpy as np

from explorer.structures import PersonScore

FAKE, REAL, UNCERTAIN, NO_FACE = "fake", "real", "uncertain", "no face"
UNCERTAIN_BAND = 0.10  # to either side of the threshold, for a release that records no band of its own
MIN_SCREEN_SHARE = 1 / 3  # the share of the frames with faces in which a person must be seen to decide over the clip

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


def judge_people(p_fake: np.ndarray, persons: np.ndarray, threshold: float, uncertain: Band) -> tuple[PersonScore, ...]:
    """Scores of the people, most suspicious first; p_fake (N,) in [0, 1] and persons (N,) are those of the faces."""
    scores = []
    for person in np.unique(persons):
        own = p_fake[persons == person]
        mean = float(own.mean())
        scores.append(PersonScore(int(person), len(own), mean, verdict(mean, threshold, uncertain)))
    return tuple(sorted(scores, key=lambda score: -score.p_fake))


def clip_p_fake(people: tuple[PersonScore, ...], frames: int) -> float | None:
    """The most suspicious person's p_fake, of those seen in at least MIN_SCREEN_SHARE of the `frames` that show a face.

    Where nobody is seen for so long, as in a clip of many shots, the mean over all faces; None without a face.
    """
    if not people:
        return None
    long_seen = [score.p_fake for score in people if score.faces >= MIN_SCREEN_SHARE * frames]
    if long_seen:
        return max(long_seen)
    return sum(score.p_fake * score.faces for score in people) / sum(score.faces for score in people)
