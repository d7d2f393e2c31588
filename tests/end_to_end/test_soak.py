"""Load, stops, soak and floods in short; `make soak` runs them in full."""

import pytest

from benchmarks.soak.checks import table
from benchmarks.soak.monitor import page_answers
from benchmarks.soak.run import SHORT, flooded, load_and_stop, soak_alone
from benchmarks.soak.usage import growth


@pytest.mark.server
@pytest.mark.alone
@pytest.mark.parametrize("trial", [load_and_stop, soak_alone, flooded])
def test_it_stays_up_and_loses_nothing(trial, tmp_path):
    checks = trial(tmp_path, SHORT)
    assert all(check.met for check in checks), table(checks)


def test_growth_is_that_of_the_lowest_values():
    assert growth([100.0] * 40) == pytest.approx(0)
    assert growth([130.0] * 9 + [100.0] + [130.0] * 9 + [100.0]) == pytest.approx(0)  # given back now and then
    assert growth([float(i) for i in range(40)]) == pytest.approx(30)  # blocks begin at 0, 10, 20 and 30


@pytest.mark.parametrize(("slow", "met"), [(1, True), (2, False)])
def test_one_slow_answer_in_a_hundred_is_forgiven(slow, met):
    assert page_answers([10.0] * (101 - slow) + [float("inf")] * slow, slack=1).met is met
