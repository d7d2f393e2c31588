from time import sleep

import numpy as np
import pytest

from explorer.timing import StageTimer, median_iqr


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
