import numpy as np
import pytest

from explorer.structures import Stretch
from explorer.verdicts import fake_frame_rate, judge_people, probabilities, uncertain_band, verdict


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


def judged(p_fake, persons, band=(0.4, 0.6)):
    return judge_people(np.array(p_fake), np.array(persons), np.arange(len(p_fake)) / 2, 0.5, band)


def test_people_are_judged_by_their_means_most_suspicious_first():
    people = judged([0.2, 0.9, 0.4, 0.7], [0, 1, 0, 1])
    assert [(score.person, score.faces, score.verdict) for score in people] == [(1, 2, "fake"), (0, 2, "real")]
    assert [score.p_fake for score in people] == pytest.approx([0.8, 0.3])


def test_nobody():
    assert judged([], []) == ()


def test_a_forged_stretch_makes_fake_whatever_the_mean():
    (person,) = judged([0.1] * 8 + [0.9] * 4, [1] * 12)
    assert person.verdict == "fake" and person.p_fake == pytest.approx(4.4 / 12)
    assert person.stretches == (Stretch(3.75, 5.5, pytest.approx(0.9)),)


def test_who_is_fake_for_a_while_decides_over_whoever_is_uncertain_all_the_time():
    people = judged([0.1] * 8 + [0.9] * 4 + [0.55] * 4, [1] * 12 + [2] * 4)
    assert [(score.person, score.verdict) for score in people] == [(1, "fake"), (2, "uncertain")]


def test_nobody_is_too_seldom_seen_to_decide():
    people = judged([0.1] * 30 + [0.9] * 2, [1] * 30 + [2] * 2)
    assert (people[0].person, people[0].verdict) == (2, "fake")
