from time import sleep

import numpy as np
import pytest

from explorer import timing
from explorer.cores import usable_cores
from explorer.timing import StageTimer, cpu_facts, linux_cpu, median_iqr


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


def test_cpu_facts():
    cpu = cpu_facts()
    assert cpu.model
    assert cpu.cores == usable_cores() >= 1


def test_linux_names_the_processor(tmp_path):
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nmodel name\t: AMD EPYC: 7B13\nflags\t\t: fpu avx2 avx512_vnni\n\nprocessor\t: 1\n")
    assert linux_cpu(path) == ("AMD EPYC: 7B13", {"fpu", "avx2", "avx512_vnni"})


def test_where_linux_does_not_name_it_another_way_is_taken(tmp_path, monkeypatch):
    path = tmp_path / "cpuinfo"
    path.write_text("processor\t: 0\nFeatures\t: fp asimd asimddp\n")
    assert linux_cpu(path) is None
    assert linux_cpu(tmp_path / "absent") is None
    monkeypatch.setattr(timing, "linux_cpu", lambda: None)
    slowly, quickly = cpu_facts.__wrapped__(), cpu_facts()
    assert slowly == quickly
