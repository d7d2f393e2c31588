import numpy as np
import pytest

from tests.support import fakes
from train.dataset.items import Item
from train.evaluation.robustness import fixed_subset, measure_corruptions


def test_the_subset_is_spread_evenly_over_each_class():
    items = [Item(str(place), place % 2, "", b"") for place in range(20)]
    assert [item.video for item in fixed_subset(items, a_class=3)] == ["0", "8", "18", "1", "9", "19"]
    assert len(fixed_subset(items)) == 20


def test_what_keeps_the_mean_moves_nothing_and_loses_nothing():
    items = [Item(str(seed), label, "", fakes.crop(60 * label + 20, seed)) for seed, label in enumerate((0, 0, 1, 1))]
    measured = measure_corruptions({"steady": fakes.runner()}, items)["steady"]  # its logit follows the mean grey level
    assert (measured["crops"], measured["auc"]) == (4, 1.0)
    assert measured["blur"]["auc_lost"] == 0.0
    assert measured["blur"]["median_move"] < 0.01


def test_moves_and_losses_are_measured_against_the_untouched_crop(monkeypatch):
    inverted = {"inverted": lambda crop: 100 - np.minimum(crop, 100)}
    monkeypatch.setattr("train.evaluation.robustness.CORRUPTIONS", inverted)
    items = [Item(str(seed), label, "", fakes.crop(60 * label + 20, seed)) for seed, label in enumerate((0, 0, 1, 1))]
    measured = measure_corruptions({"steady": fakes.runner()}, items)["steady"]["inverted"]
    assert (measured["auc"], measured["auc_lost"]) == (0.0, 1.0)
    assert measured["median_move"] == pytest.approx(0.9, abs=0.06)  # sigmoid(3) - sigmoid(-3), noise and clipping aside
