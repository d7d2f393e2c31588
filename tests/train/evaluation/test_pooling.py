import numpy as np
import pytest

from train.dataset.clips import Clip
from train.evaluation.pooling import POOLINGS, compare


def test_poolings_of_four_frames():
    p_fake = np.array([0.8, 0.2, 0.6, 0.4])
    assert {name: pool(p_fake) for name, pool in POOLINGS.items()} == pytest.approx(
        {"mean": 0.5, "median": 0.5, "top half": 0.7, "trimmed": 0.5, "agreement": 0.8 / 3, "maximum": 0.8}
    )


def test_poolings_are_compared_on_the_same_clips():
    """The real clip has one frame that looks fake, the fake one looks a little fake throughout."""
    real, fake = np.array([-2.0, -2.0, 4.0, -2.0]), np.array([-0.5, -0.5, -0.5, -0.5])
    clips = [Clip("r", 0, "real", "a/b", "", "1", ()), Clip("f", 1, "swap", "a/b", "", "1", ())]
    clips += [Clip("alone", 0, "real", "c/d", "", "1", ())]
    estimates = compare(clips, [real, fake, fake])
    assert {name: whole.value for name, (whole, _) in estimates.items()} == {
        "mean": 1.0, "median": 1.0, "top half": 0.0, "trimmed": 1.0, "agreement": 1.0, "maximum": 0.0,
    }  # fmt: skip
    assert estimates["mean"][1].value == 1.0
