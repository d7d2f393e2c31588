import numpy as np
import pytest

from explorer.people import clip_p_fake, judge_people
from explorer.structures import PersonScore


def test_people_are_judged_by_their_means_most_suspicious_first():
    people = judge_people(np.array([0.2, 0.9, 0.4, 0.7]), np.array([0, 1, 0, 1]), 0.5, (0.4, 0.6))
    assert [(score.person, score.faces, score.verdict) for score in people] == [(1, 2, "fake"), (0, 2, "real")]
    assert [score.p_fake for score in people] == pytest.approx([0.8, 0.3])


def test_nobody():
    assert judge_people(np.empty(0), np.empty(0), 0.5, (0.4, 0.6)) == ()
    assert clip_p_fake((), 0) is None


def test_the_most_suspicious_who_is_seen_long_enough_decides():
    brief, long, other = (
        PersonScore(2, 1, 0.9, "fake"),
        PersonScore(1, 4, 0.6, "uncertain"),
        PersonScore(0, 8, 0.2, "real"),
    )
    assert clip_p_fake((brief, long, other), frames=10) == 0.6


def test_of_many_short_shots_the_mean_decides():
    people = tuple(PersonScore(person, 2, 0.1 * person, "real") for person in range(10))
    assert clip_p_fake(people, frames=20) == pytest.approx(0.45)
