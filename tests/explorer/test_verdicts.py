import numpy as np
import pytest

from explorer.verdicts import fake_frame_rate, probabilities, uncertain_band, verdict


def test_probabilities_are_sigmoids_without_overflow():
    assert probabilities(np.array([0.0, np.log(3), -1000.0, 1000.0])) == pytest.approx([0.5, 0.75, 0.0, 1.0])


def test_fake_frame_rate_is_the_share_above_the_threshold():
    assert fake_frame_rate(np.array([0.4, 0.5, 0.6, 0.9]), 0.5) == 0.5


@pytest.mark.parametrize(
    ("p_fake", "threshold", "expected"),
    [(0.61, 0.5, "fake"), (0.39, 0.5, "real"), (0.45, 0.5, "uncertain"), (0.55, 0.7, "real"), (None, 0.5, "no face")],
)
def test_verdict(p_fake, threshold, expected):
    assert verdict(p_fake, threshold, uncertain_band(threshold)) == expected


def test_a_release_with_a_band_of_its_own():
    band = uncertain_band(0.7, [0.25, 0.75])
    assert band == (0.25, 0.75)
    assert [verdict(p_fake, 0.7, band) for p_fake in (0.25, 0.5, 0.72, 0.75)] == [
        "real",
        "uncertain",
        "uncertain",
        "fake",
    ]


def test_a_release_without_one_has_a_tenth_to_either_side_within_0_and_1():
    assert uncertain_band(0.5) == (0.4, 0.6)
    assert uncertain_band(0.05)[0] == 0.0 and uncertain_band(0.95)[1] == 1.0


def test_no_faces_are_not_a_number():
    assert fake_frame_rate(np.empty(0), 0.5) is None
