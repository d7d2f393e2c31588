import numpy as np
import pytest
import torch

from train.dataset.judging import JudgingSet
from train.trainer import averaging
from train.trainer.averaging import SHARES, average_with_start, between, goodness


def test_between_goes_along_the_line_and_keeps_counters():
    start = {"weight": torch.tensor([0.0, 4.0]), "count": torch.tensor(3)}
    end = {"weight": torch.tensor([10.0, 0.0]), "count": torch.tensor(7)}
    state = between(start, end, 0.6)
    assert state["weight"].tolist() == pytest.approx([6.0, 1.6])
    assert state["count"].item() == 7


def test_goodness_counts_false_alarms_against():
    assert goodness({"dfdc": 0.9, "swap": 0.7, "real_called_fake": 0.2}) == pytest.approx((0.9 + 0.7 + 0.8) / 3)


def test_the_best_share_is_what_the_detector_keeps(tiny_detector, monkeypatch):
    start = {key: torch.zeros_like(value) for key, value in tiny_detector.network.state_dict().items()}
    end = {key: torch.ones_like(value) for key, value in start.items()}
    tiny_detector.network.load_state_dict(end)

    def nearness(detector, judging):
        """Best where every weight is 0.6."""
        return {"dfdc": 1 - abs(float(next(iter(detector.network.state_dict().values())).flatten()[0]) - 0.6)}

    monkeypatch.setattr(averaging, "judge", nearness)
    none = JudgingSet(np.zeros((0, 8, 8, 3), np.uint8), *(np.array([]) for _ in range(3)))
    share, measured = average_with_start(tiny_detector, start, none)
    assert share == 0.6 in SHARES
    assert measured["dfdc"] == pytest.approx(1)
    kept = next(value for value in tiny_detector.network.state_dict().values() if value.is_floating_point())
    assert torch.allclose(kept, torch.full_like(kept, 0.6))


def test_of_shares_that_judge_alike_the_least_wins(tiny_detector, monkeypatch):
    start = {key: torch.zeros_like(value) for key, value in tiny_detector.network.state_dict().items()}
    tiny_detector.network.load_state_dict({key: torch.ones_like(value) for key, value in start.items()})
    judged = dict(zip(SHARES, (0.753, 0.754, 0.751, 0.740), strict=True))  # lite0_kd's, on the CPU
    monkeypatch.setattr(averaging, "judge", lambda *_: {"dfdc": list(judged.values())[next(calls)]})
    calls = iter(range(len(judged)))
    none = JudgingSet(np.zeros((0, 8, 8, 3), np.uint8), *(np.array([]) for _ in range(3)))
    assert average_with_start(tiny_detector, start, none) == (0.4, {"dfdc": 0.740})
