import numpy as np
import pytest

from explorer.stretches import change_points, forged_stretches, words_for
from explorer.structures import Stretch


def stretches(p_fake) -> list[tuple[float, float]]:
    """From when to when, with a face a second."""
    return [(each.from_s, each.to_s) for each in forged_stretches(np.array(p_fake), np.arange(len(p_fake)) * 1.0, 0.5)]


def test_a_curve_is_cut_where_it_jumps():
    assert change_points(np.array([0.1] * 5 + [0.8] * 7 + [0.3] * 4), 3) == [5, 12]
    assert change_points(np.full(12, 0.4), 3) == []
    assert change_points(np.array([0.1, 0.9]), 3) == []  # too short for two segments


def test_noise_is_no_jump():
    assert change_points(np.random.default_rng(0).normal(0.3, 0.1, 200), 20) == []


def test_a_stretch_reaches_half_the_way_to_its_neighbours():
    assert stretches([0.1] * 6 + [0.9] * 4 + [0.1] * 6) == [(5.5, 9.5)]
    assert stretches([0.9] * 4 + [0.1] * 6 + [0.9] * 4) == [(0.0, 3.5), (9.5, 13.0)]
    assert stretches([0.9] * 4) == [(0.0, 3.0)]


def test_neighbouring_segments_above_the_border_are_one_stretch():
    (stretch,) = forged_stretches(np.array([0.8] * 5 + [1.0] * 5), np.arange(10.0), 0.5)
    assert (stretch.from_s, stretch.to_s, stretch.p_fake) == (0.0, 9.0, pytest.approx(0.9))


def test_two_faces_are_none_and_a_little_above_the_threshold_neither():
    assert stretches([0.1] * 6 + [0.9] * 2 + [0.1] * 6) == []
    assert stretches([0.1] * 6 + [0.6] * 4 + [0.1] * 6) == []
    assert stretches([]) == stretches([0.9]) == []


def test_less_than_a_tenth_of_a_person_is_none():
    assert stretches([0.1] * 50 + [0.9] * 4 + [0.1] * 46) == []
    assert stretches([0.1] * 50 + [0.9] * 10 + [0.1] * 40) == [(49.5, 59.5)]


@pytest.mark.parametrize(
    ("from_s", "to_s", "words"),
    [
        (40.7, 98.7, "from 41 s to the end"),
        (1.6, 20.3, "from the start to 20 s"),
        (10.2, 20.3, "from 10 s to 20 s"),
        (1.6, 98.4, "throughout"),
    ],
)
def test_when_in_words(from_s, to_s, words):
    assert words_for((Stretch(from_s, to_s, 0.9),), duration_s=100, samples=50) == words


def test_seconds_have_a_decimal_where_samples_are_near():
    both = Stretch(0.4, 0.9, 0.9), Stretch(1.2, 1.5, 0.8)
    assert words_for(both, duration_s=2, samples=20) == "from 0.4 s to 0.9 s and from 1.2 s to 1.5 s"
    assert words_for((), 2, 20) == ""
