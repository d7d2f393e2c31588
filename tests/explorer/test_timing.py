from time import sleep

import numpy as np
import pytest

from explorer.cores import usable_cores
from explorer.timing import StageTimer, cpu_facts, spread


def test_spread_is_median_and_interquartile_range():
    found = spread(np.array([1.0, 2.0, 3.0, 4.0, 100.0]))
    assert (found.median, found.iqr) == (3.0, 2.0)


def test_stages_add_up_and_keep_their_order():
    timer = StageTimer()
    for stage in ("decode", "crop", "decode"):
        with timer(stage):
            sleep(0.002)
    found = timer.milliseconds()
    assert list(found) == ["decode", "crop"]
    assert found["decode"] >= 4


def test_a_stage_that_fails_is_still_timed():
    timer = StageTimer()
    with pytest.raises(ValueError), timer("decode"):
        raise ValueError
    assert "decode" in timer.milliseconds()


def test_cpu_facts():
    cpu = cpu_facts()
    assert cpu.model
    assert cpu.cores == usable_cores() >= 1
