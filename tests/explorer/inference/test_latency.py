import numpy as np
import pytest

from explorer.inference import latency
from explorer.inference.latency import Latency, batch_times, milliseconds_per_crop, time_each
from explorer.structures import Progress, Spread, VariantError
from model_zoo.errors import BadWeights
from tests.support.fakes import runner


@pytest.fixture
def clock(monkeypatch):
    """A clock whose n-th look at it is at 0, 1, 3, 6, 10 ... seconds: call n takes 2 n + 1 seconds."""
    looks = iter(np.arange(1000).cumsum().tolist())
    monkeypatch.setattr(latency, "perf_counter", lambda: next(looks))


def test_batch_times_leave_out_the_warm_up(clock):
    assert batch_times(runner(), batches=2).tolist() == [1750.0, 2250.0]  # the 4th and 5th call, 7 and 9 s for 4 faces


def test_milliseconds_per_crop(clock):
    calls = []
    times = milliseconds_per_crop(lambda crops: calls.append(len(crops)), np.empty((2, 1, 1, 3)), rounds=2, warm_up=1)
    assert times.tolist() == [1500.0, 2500.0]  # the 2nd and 3rd call, 3 and 5 s for 2 crops
    assert calls == [2, 2, 2]


def test_each_is_timed_and_a_broken_one_is_named(clock, monkeypatch):
    def broken():
        raise BadWeights("model.onnx is altered")

    events = list(time_each({"broken": broken, "steady": runner}))
    median = (2 * (latency.WARM_UP + 7) + 1) * 250  # of 15 calls the 8th
    assert events == [
        Progress("timing broken", 0, 2),
        VariantError("broken", "model.onnx is altered"),
        Progress("timing steady", 1, 2),
        Latency("steady", "none", Spread(median, 7 * 500)),  # the middle half: from 3.5 calls before to 3.5 after
    ]
