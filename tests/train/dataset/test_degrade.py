import cv2
import numpy as np
import pytest

from tests.support.faces import picture
from train.dataset import degrade

PAIR = np.stack([picture(0), picture(1)])


def detail(image: np.ndarray) -> float:
    return float(cv2.Laplacian(image, cv2.CV_32F).var())


@pytest.mark.parametrize("draw", [degrade.ordinary, degrade.hard])
def test_draws_are_repeated_by_their_generator_and_keep_shape_and_type(draw):
    for seed in range(12):
        first, again = (degrade.applied(draw(np.random.default_rng(seed)), PAIR) for _ in range(2))
        assert first.shape == PAIR.shape and first.dtype == np.uint8
        assert np.array_equal(first, again)


def test_twins_stay_twins():
    """The same crop twice comes out nearly the same twice: one draw for both (grain is drawn for each alone)."""
    twins = np.stack([PAIR[0], PAIR[0]])
    for seed in range(20):
        steps = [step for step in degrade.ordinary(np.random.default_rng(seed)) if step.func is not degrade.noisy]
        first, second = degrade.applied(steps, twins).astype(int)
        apart = [np.abs(twins[0] - changed).mean() for changed in (first, second)]
        assert apart[0] == pytest.approx(apart[1], rel=0.15, abs=1)  # H.264 places its losses otherwise in each


@pytest.mark.parametrize("shift", [None, (1, -2)])
def test_h264_loses_more_at_a_higher_crf(shift):
    losses = [np.abs(degrade.h264(PAIR, crf, "ultrafast", shift).astype(int) - PAIR).mean() for crf in (18, 28, 38)]
    assert losses == sorted(losses)
    assert 0 < losses[0] < losses[-1] < 30


def test_crops_stay_in_their_places():
    bright = np.stack([np.full((64, 64, 3), 40, np.uint8), np.full((64, 64, 3), 200, np.uint8)])
    coded = degrade.h264(bright, 30, "ultrafast")
    assert abs(float(coded[0].mean()) - 40) < 4 and abs(float(coded[1].mean()) - 200) < 4


def test_each_step_does_what_it_is_named_for():
    assert detail(degrade.blurred(PAIR, 1.5)[0]) < detail(PAIR[0]) < detail(degrade.sharpened(PAIR, 1.0, 1.0)[0])
    assert detail(degrade.resized(PAIR, 0.4, cv2.INTER_CUBIC)[0]) < detail(PAIR[0])
    assert detail(degrade.smoothed(PAIR, 40, 3)[0]) < detail(PAIR[0])
    assert detail(degrade.noisy(PAIR, 8, 0)[0]) > detail(PAIR[0])
    assert degrade.gained(PAIR, 0.5).mean() == pytest.approx(PAIR.mean() / 2, abs=1)
    assert (
        np.abs(degrade.jpeg(PAIR, 40).astype(int) - PAIR).mean()
        > np.abs(degrade.jpeg(PAIR, 95).astype(int) - PAIR).mean()
    )
