import numpy as np
import pytest

from tests.support import fakes
from train.dataset.items import Item
from train.evaluation import measure as evaluation
from train.evaluation.measure import measure_latencies, measure_split


def test_the_curves_of_a_split_are_kept():
    items = [Item(str(i), label, "", b"") for i, label in enumerate((0, 0, 1, 1))]
    p_fake = np.array([0.12, 0.62, 0.64, 0.88])
    found = measure_split("test", items, np.log(p_fake / (1 - p_fake)), 0.5)["test"]
    assert found["roc"] == {"false_positive_rate": [0.0, 0.0, 0.0, 1.0], "true_positive_rate": [0.0, 0.5, 1.0, 1.0]}
    assert found["reliability"] == {"p_fake": [0.12, 0.63, 0.88], "fake_rate": [0.0, 0.5, 1.0], "items": [1, 2, 1]}


def test_runners_are_timed_in_turn(monkeypatch):
    spent = {("a", 4): [1.0, 2.0, 3.0], ("b", 4): [10.0, 20.0, 30.0]}
    spent |= {(name, faces): [faces] * 3 for name in "ab" for faces in (1, 16)}
    order = []

    def timed(runner, batches, faces):
        order.append((runner.name, faces))
        return np.array([spent[runner.name, faces].pop(0)])

    monkeypatch.setattr(evaluation, "ROUNDS", 3)
    monkeypatch.setattr(evaluation, "batch_times", timed)
    found = measure_latencies({"a": fakes.runner("a"), "b": fakes.runner("b")})
    assert {name: (cost["median_ms"], cost["iqr_ms"]) for name, cost in found.items()} == {"a": (2, 1), "b": (20, 10)}
    assert {(cost["batch_1_ms"], cost["batch_16_ms"]) for cost in found.values()} == {(1, 16)}
    assert order == [(name, faces) for name in "ab" for faces in (4, 1, 16)] * 3


def test_items_of_one_video_are_averaged():
    items = [Item(video, label, "", b"", category="") for video, label in (("a", 0), ("a", 0), ("b", 1), ("b", 1))]
    p_fake = np.array([0.2, 0.9, 0.6, 0.8])
    found = measure_split("test", items, np.log(p_fake / (1 - p_fake)), 0.5)
    assert (found["test"]["items"], found["test"]["accuracy"]) == (4, 0.75)
    clips = found["test_clips"]  # 0.55 for the real one, 0.7 for the fake one
    assert (clips["items"], clips["accuracy"], clips["auc"]) == (2, 0.5, 1.0)
    assert clips["brier"] == pytest.approx((0.55**2 + 0.3**2) / 2)


def test_manipulations_of_one_video_are_clips_of_their_own():
    kinds = ((0, "youtube"), (1, "FaceSwap"), (1, "FaceSwap"), (1, "Deepfakes"))
    items = [Item("000_003", label, "", b"", category=category) for label, category in kinds]
    found = measure_split("test", items, np.array([-1.0, 1.0, 1.0, 1.0]), 0.5)
    assert {kind: values["items"] for kind, values in found["test_clips"]["per_category"].items()} == {
        "Deepfakes": 1,
        "FaceSwap": 1,
        "youtube": 1,
    }
