import numpy as np
import pytest

from explorer.verdicts import fake_frame_rate, probabilities, verdict


def test_probabilities_are_sigmoids_without_overflow():
    assert probabilities(np.array([0.0, np.log(3), -1000.0, 1000.0])) == pytest.approx([0.5, 0.75, 0.0, 1.0])


def test_fake_frame_rate_is_the_share_above_the_threshold():
    assert fake_frame_rate(np.array([0.4, 0.5, 0.6, 0.9]), 0.5) == 0.5


@pytest.mark.parametrize(
    ("p_fake", "threshold", "expected"),
    [(0.61, 0.5, "fake"), (0.39, 0.5, "real"), (0.45, 0.5, "uncertain"), (0.55, 0.7, "real"), (None, 0.5, "no face")],
)
def test_verdict(p_fake, threshold, expected):
    assert verdict(p_fake, threshold) == expected


def test_no_faces_are_not_a_number():
    assert fake_frame_rate(np.empty(0), 0.5) is None
