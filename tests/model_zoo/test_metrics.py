import numpy as np
import pytest
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from model_zoo.errors import BadScores
from model_zoo.metrics import (
    ROC_POINTS,
    auc,
    equal_error_rate,
    estimates,
    expected_calibration_error,
    log_loss,
    measures,
    measures_of_p_fake,
    reliability_bins,
    roc_points,
)

LABELS = np.array([0, 0, 1, 1])


def logits(*p_fake: float) -> np.ndarray:
    return np.log(p_fake) - np.log1p(-np.array(p_fake))


def test_known_values():
    found = measures(LABELS, np.array([-2.0, 1.0, 0.5, 3.0]))
    assert found["auc"] == 0.75  # three of four pairs stand in order
    assert found["accuracy"] == 0.75
    expected = np.mean([np.log1p(np.exp(-2.0)), np.log1p(np.exp(1.0)), np.log1p(np.exp(-0.5)), np.log1p(np.exp(-3.0))])
    assert found["log_loss"] == pytest.approx(expected)
    assert found["items"] == 4
    assert found["eer"] == 0.5  # one real of two above one fake of two
    assert found["average_precision"] == pytest.approx((1 / 1 + 2 / 3) / 2)  # precision where each fake is found


def test_known_probabilities():
    found = measures(LABELS, logits(0.1, 0.65, 0.35, 0.9))
    assert found["brier"] == pytest.approx((0.1**2 + 0.65**2 + 0.65**2 + 0.1**2) / 4)
    assert found["ece"] == pytest.approx((0.1 + 0.65 + 0.65 + 0.1) / 4)  # each in a bin of its own
    assert set(found) == {"items", "auc", "accuracy", "log_loss", "eer", "average_precision", "ece", "brier"}
    assert {type(value) for value in found.values()} == {int, float}  # json knows no numpy numbers


def test_threshold_moves_accuracy_only():
    strict, even = (measures(LABELS, logits(0.1, 0.65, 0.7, 0.9), threshold) for threshold in (0.68, 0.5))
    assert (strict["accuracy"], even["accuracy"]) == (1.0, 0.75)
    assert strict["auc"] == even["auc"] == 1.0


def test_accuracy_per_category():
    found = measures(
        LABELS, np.array([-2.0, 1.0, 0.5, 3.0]), categories=["youtube", "youtube", "FaceSwap", "Deepfakes"]
    )
    assert found["per_category"] == {
        "Deepfakes": {"items": 1, "accuracy": 1.0},
        "FaceSwap": {"items": 1, "accuracy": 1.0},
        "youtube": {"items": 2, "accuracy": 0.5},
    }


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], 0.0),
        ([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9], 1.0),
        ([0, 1], [0.5, 0.5], 0.5),  # a tie: half-way along the straight line from (0, 0) to (1, 1)
        ([0, 0, 0, 1, 1], [0.1, 0.2, 0.7, 0.5, 0.9], 1 / 3),  # one real of three is called fake before both fakes are
        ([0, 0, 1, 1, 1, 0], [0.3, 0.5, 0.5, 0.9, 0.8, 0.1], 1 / 6),  # (0, 2/3) to (1/3, 1) meets fpr = fnr half-way
    ],
)
def test_equal_error_rate(labels, scores, expected):
    assert equal_error_rate(np.array(labels), np.array(scores)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("labels", "p_fake", "expected"),
    [
        ([0, 0, 1, 1], [0.02, 0.04, 0.05, 0.97], (0.89 + 0.03) / 4),  # the first three share the bin (0, 1/15]
        ([0, 1], [0.0, 1.0], 0.0),  # both ends belong to a bin
        ([0, 1], [0.5, 0.5], 0.0),  # half the items of the middle bin are fake, as it says
        ([1, 1], [0.93, 0.94], (0.07 + 0.06) / 2),  # on either side of 14/15
    ],
)
def test_expected_calibration_error(labels, p_fake, expected):
    assert expected_calibration_error(np.array(labels), np.array(p_fake)) == pytest.approx(expected)


def test_roc_points():
    # from the highest p_fake down: a fake, a real, a fake, two reals
    found = roc_points(np.array([0, 0, 0, 1, 1]), np.array([0.1, 0.2, 0.7, 0.5, 0.9]))
    assert found == {
        "false_positive_rate": [0.0, 0.0, 0.3333, 0.3333, 1.0],
        "true_positive_rate": [0.0, 0.5, 0.5, 1.0, 1.0],
    }


def test_many_roc_points_are_thinned_along_the_curve():
    labels = np.arange(2000) % 2  # real and fake take turns: a staircase along the diagonal
    found = roc_points(labels, np.linspace(0, 1, 2000))
    false_positives, true_positives = np.array(list(found.values()))
    assert len(false_positives) == ROC_POINTS
    assert (false_positives[0], true_positives[0], false_positives[-1], true_positives[-1]) == (0, 0, 1, 1)
    assert np.abs(true_positives - false_positives).max() < 0.0011  # one of 1000 fakes is a step
    assert np.diff(false_positives).max() <= 1 / (ROC_POINTS - 1) + 0.002  # no gap in the curve


def test_reliability_bins():
    # (0, 0.1] holds both its ends; 0.3 of the middle is alone in (0.2, 0.3]; (0.9, 1] holds two fakes of three
    found = reliability_bins(np.array([0, 1, 0, 1, 1, 0]), np.array([0.0, 0.1, 0.3, 0.92, 0.94, 0.96]))
    assert found == {"p_fake": [0.05, 0.3, 0.94], "fake_rate": [0.5, 0.0, 0.6667], "items": [2, 1, 3]}


@pytest.mark.parametrize(
    ("labels", "scores", "sentence"),
    [
        ([1, 1], [0.0, 1.0], r"hold the classes \[1\]"),
        ([0, 1], [0.0, np.nan], "1 of 2 scores are not finite"),
        ([0, 1], [0.0, np.inf], "1 of 2 scores are not finite"),
        ([0, 1], [0.0], "2 labels do not fit 1 scores"),
        ([], [], r"hold the classes \[\]"),
    ],
)
def test_what_cannot_be_measured(labels, scores, sentence):
    with pytest.raises(BadScores, match=sentence):
        measures(np.array(labels), np.array(scores))


def test_the_arithmetic_is_scikit_learns():
    rng = np.random.default_rng(0)
    labels, p_fake = rng.integers(0, 2, 300), rng.random(300).round(2)  # rounded: ties
    assert auc(labels, p_fake) == pytest.approx(roc_auc_score(labels, p_fake))
    p_fake[:2] = labels[:2] = 0, 1
    assert log_loss(labels, p_fake) == pytest.approx(sklearn_log_loss(labels, p_fake))
    assert log_loss(np.array([1]), np.array([0.0])) == pytest.approx(36.04, abs=0.01)


def test_estimates_hold_the_measures_and_say_how_far_off_they_may_be():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 2
    p_fake = np.clip(0.5 + 0.2 * (2 * labels - 1) + rng.normal(0, 0.3, 60), 0, 1)
    found, known = estimates(labels, p_fake, 0.6), measures_of_p_fake(labels, p_fake, 0.6)
    assert {name: each.value for name, each in found.items() if name in known} == pytest.approx(
        {name: known[name] for name in ("auc", "eer", "log_loss", "ece", "accuracy")}
    )
    assert all(each.low <= each.value <= each.high for name, each in found.items() if name != "ece")  # biased upwards
    assert found["auc"].high - found["auc"].low > 0.05
    called = p_fake > 0.6
    assert found["false_alarms"].value == called[labels == 0].mean()
    assert found["caught"].value == called[labels == 1].mean()


def test_one_class_leaves_what_needs_both_out():
    found = estimates(np.zeros(10, int), np.full(10, 0.2))
    assert set(found) == {"accuracy", "false_alarms"}
    assert (found["false_alarms"].value, found["false_alarms"].high) == pytest.approx((0, 0.3085), abs=1e-4)
    assert estimates(np.empty(0, int), np.empty(0)) == {}
