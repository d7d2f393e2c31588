from time import sleep

import numpy as np
import pytest

from explorer.structures import Spread
from explorer.timing import StageTimer, median_iqr, speed_up


def test_spread_is_median_and_interquartile_range():
    times = median_iqr(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    assert (times.median, times.iqr) == (3.0, 2.0)


def test_stages_add_up_and_keep_their_order():
    timer = StageTimer()
    for stage in ("decode", "crop", "decode"):
        with timer(stage):
            sleep(0.002)
    milliseconds = timer.milliseconds()
    assert list(milliseconds) == ["decode", "crop"]
    assert milliseconds["decode"] >= 4


def test_a_stage_that_fails_is_still_timed():
    timer = StageTimer()
    with pytest.raises(ValueError), timer("decode"):
        raise ValueError
    assert "decode" in timer.milliseconds()


@pytest.mark.parametrize(
    ("cost", "base", "times"),
    [
        (Spread(2.0, 0.5), Spread(8.0, 1.0), 4.0),
        (Spread(8.0, 0.5), Spread(4.0, 0.5), 0.5),  # slower for sure
        (Spread(4.5, 1.0), Spread(4.0, 1.0), None),  # a busy machine: 0.89 would say nothing
        (Spread(4.0, 0.0), Spread(4.0, 0.0), None),
    ],
)
def test_a_speed_up_is_none_where_the_times_are_unsteady(cost, base, times):
    assert speed_up(cost, base) == times
