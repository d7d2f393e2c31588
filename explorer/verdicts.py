"""From per-frame fake probabilities to a clip's verdict."""

import numpy as np

FAKE, REAL, UNCERTAIN, NO_FACE = "fake", "real", "uncertain", "no face"
UNCERTAIN_BAND = 0.10  # a clip whose p_fake lies closer than this to the threshold is called uncertain


def probabilities(logits: np.ndarray) -> np.ndarray:
    """p_fake = sigmoid(logit), (N,) -> (N,) float64 in [0, 1], without overflow."""
    logits = np.asarray(logits, np.float64)
    return np.exp(-np.logaddexp(0, -logits))


def fake_frame_rate(frame_p_fake: np.ndarray, threshold: float) -> float | None:
    """The share of frames (T,) above the threshold, or None where there are none."""
    return float(np.mean(np.asarray(frame_p_fake) > threshold)) if len(frame_p_fake) else None


def verdict(p_fake: float | None, threshold: float) -> str:
    """`fake`, `real`, `uncertain` (closer than UNCERTAIN_BAND to the threshold) or `no face` (p_fake is None)."""
    if p_fake is None:
        return NO_FACE
    if abs(p_fake - threshold) < UNCERTAIN_BAND:
        return UNCERTAIN
    return FAKE if p_fake > threshold else REAL
