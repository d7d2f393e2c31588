from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.faces.tubes import Tube
from explorer.slices import judge_slices
from tests.support.fakes import runner
from tests.support.reports import face, judged

EMPTY = judged("cnn", ())


def tube(person: int, from_s: float, level: int) -> Tube:
    return Tube(person, from_s, from_s + 0.5, np.full((15, 8, 8, 3), level, np.uint8))


def by_level():
    """A network that says logit = (level - 100) / 10, with a map that rises over three steps of time."""

    def run(crops):
        logits = (crops.mean((1, 2, 3, 4)) - 100) / 10
        return logits, logits[:, None, None, None] + np.arange(3.0)[None, :, None, None] * np.ones((1, 1, 2, 2))

    return replace(runner("cnn"), run=run, clip_length=15)


def test_each_face_has_the_p_fake_of_its_persons_nearest_slice():
    tubes = [tube(1, 0.0, 100), tube(1, 2.0, 130), tube(2, 0.0, 80)]
    faces = [face(0.1, 1), face(0.1, 2), face(1.8, 1), face(5.0, 2)]
    result = judge_slices(EMPTY, by_level(), tubes, faces)
    half, high, low = 0.5, 1 / (1 + np.exp(-3)), 1 / (1 + np.exp(2))
    assert result.frame_p_fake == pytest.approx([half, low, high, low])
    assert [(each.person, each.from_s) for each in result.slices] == [(1, 0.0), (1, 2.0), (2, 0.0)]
    assert [each.p_fake for each in result.slices] == pytest.approx([half, high, low])
    means = {score.person: score.p_fake for score in result.people}
    assert means == {1: pytest.approx((half + high) / 2), 2: pytest.approx(low)}


def test_a_face_has_the_map_of_its_time_in_the_slice():
    result = judge_slices(EMPTY, by_level(), [tube(1, 1.0, 100)], [face(0.0), face(1.25), face(9.0)])
    assert result.evidence[:, 0, 0].tolist() == [0.0, 1.0, 2.0]


def test_who_was_in_no_slice_makes_no_number():
    with pytest.raises(InvalidRequest, match="person 2 was in no slice"):
        judge_slices(EMPTY, by_level(), [tube(1, 0.0, 100)], [face(0.0, 1), face(0.0, 2)])
