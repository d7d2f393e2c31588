import numpy as np
import pytest
import torch

from model_zoo.errors import BadScores
from train.errors import BadData
from train.evaluation.calibration import (
    Scaling,
    Scored,
    balanced_log_loss,
    false_alarm_threshold,
    fit_scaling,
    fit_temperature,
    fit_threshold,
    fit_uncertain,
    fold_scaling,
    fold_temperature,
)


def logits(*p_fake: float) -> np.ndarray:
    return np.log(p_fake) - np.log1p(-np.array(p_fake))


def test_temperature_of_a_detector_twice_too_sure():
    # p_fake 0.9 or 0.1 (odds of 9) while three of four are right (odds of 3 = sqrt 9)
    labels = np.array([1, 1, 1, 0, 0, 0, 0, 1])
    sure = logits(0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1)
    assert fit_temperature(labels, sure) == pytest.approx(2, abs=1e-4)
    assert fit_temperature(labels, sure / 2) == pytest.approx(1, abs=1e-4)
    assert fit_temperature(labels, sure / 4) == pytest.approx(0.5, abs=1e-4)


def test_temperature_stays_within_bounds():
    labels = np.array([0, 1])
    assert fit_temperature(labels, np.array([-1.0, 1.0])) == pytest.approx(
        0.05, rel=1e-3
    )  # all right: never sure enough
    assert fit_temperature(labels, np.array([1.0, -1.0])) == pytest.approx(
        20, rel=1e-3
    )  # all wrong: never unsure enough


def test_folding_divides_logits_and_evidence(tiny_detector, random_crops):
    crops = torch.from_numpy(random_crops)
    kept = {key: value.clone() for key, value in tiny_detector.state_dict().items()}
    with torch.inference_mode():
        logits_before, evidence_before = tiny_detector(crops)
        fold_temperature(tiny_detector, 2.0)
        logits_after, evidence_after = tiny_detector(crops)
    torch.testing.assert_close(logits_after, logits_before / 2)
    torch.testing.assert_close(evidence_after, evidence_before / 2)
    changed = {key for key, value in tiny_detector.state_dict().items() if not torch.equal(value, kept[key])}
    assert changed == {"network.classifier.weight", "network.classifier.bias"}
    assert all(parameter.requires_grad for parameter in tiny_detector.parameters())


@pytest.mark.parametrize(
    ("labels", "p_fake", "expected"),
    [
        ([0, 0, 1, 1], [0.1, 0.2, 0.6, 0.9], 0.4),  # half-way between the last real and the first fake
        ([0, 0, 0, 1, 1, 1], [0.1, 0.3, 0.6, 0.4, 0.8, 0.9], 0.35),  # 0.7 is as good (J = 2/3), and farther from 0.5
        (
            [0, 0, 1, 0, 0, 0, 1],
            [0.1, 0.1, 0.3, 0.1, 0.2, 0.4, 0.8],
            0.25,
        ),  # one real lost of five beats one fake of two
        ([0, 1], [0.123456, 0.234567], 0.179),  # 0.1790115 to four digits
        ([0, 1], [0.50001, 0.50003], 0.50002),  # to four digits it would leave the gap
    ],
)
def test_threshold(labels, p_fake, expected):
    assert fit_threshold(np.array(labels), logits(*p_fake)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("fit", [fit_temperature, fit_threshold])
def test_what_cannot_be_fitted(fit):
    with pytest.raises(BadScores, match=r"hold the classes \[0\]"):
        fit(np.array([0, 0]), np.array([1.0, 2.0]))
    with pytest.raises(BadScores, match="1 of 2 scores are not finite"):
        fit(np.array([0, 1]), np.array([1.0, np.nan]))


def test_no_threshold_between_equal_scores():
    with pytest.raises(BadData, match="all 2 scores are the same"):
        fit_threshold(np.array([0, 1]), np.array([1.0, 1.0]))


def singles(labels: list[int], scores: np.ndarray) -> Scored:
    """Clips of one frame each."""
    return Scored(np.array(labels), [np.array([score]) for score in scores])


def test_a_clip_is_the_mean_of_its_scaled_frames():
    scored = Scored(np.array([0, 1]), [logits(0.2, 0.8), logits(0.8)])
    assert scored.p_fake(Scaling()) == pytest.approx([0.5, 0.8])
    # twice the logit squares the odds: 1/16 and 16; one more logit of ln 2 doubles them
    assert scored.p_fake(Scaling(2.0, np.log(2))) == pytest.approx([((2 / 18) + (32 / 33)) / 2, 32 / 33])


def test_scaling_finds_a_slope_and_an_offset():
    # three of four are fakes above and one of four below, as odds of 3 and 1/3 say; the logits are 2 x those, + 1
    labels = [1, 1, 1, 0, 0, 0, 0, 1]
    skewed = 2 * logits(0.75, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25, 0.25) + 1
    scaling = fit_scaling([singles(labels, skewed)])
    assert (scaling.slope, scaling.offset) == pytest.approx((0.5, -0.5), abs=1e-3)


def test_classes_and_sets_count_alike_however_many_clips_they_have():
    labels = [1, 1, 1, 0, 0, 0, 0, 1]
    scores = logits(0.75, 0.75, 0.75, 0.75, 0.25, 0.25, 0.25, 0.25)
    few, more = singles(labels, scores), singles(labels * 3, np.tile(2 * scores, 3))
    alone, both = fit_scaling([few]), fit_scaling([few, more])
    assert 0.5 < both.slope < alone.slope
    assert both.slope == pytest.approx(fit_scaling([more, few]).slope, abs=1e-3)
    assert fit_scaling([few, more], (1.0, 0.0)).slope == pytest.approx(alone.slope, abs=1e-3)
    assert balanced_log_loss(np.array([0, 1, 1, 1]), np.array([0.5, 0.25, 0.25, 0.25])) == pytest.approx(
        (np.log(2) + np.log(4)) / 2
    )


def test_scaling_needs_both_classes():
    with pytest.raises(BadScores, match="hold the classes"):
        fit_scaling([singles([1, 1], logits(0.5, 0.6))])


def test_folding_a_scaling_scales_logits_and_evidence(tiny_detector, random_crops):
    crops = torch.from_numpy(random_crops)
    with torch.inference_mode():
        logits_before, evidence_before = tiny_detector(crops)
        fold_scaling(tiny_detector, Scaling(2.0, 0.5))
        logits_after, evidence_after = tiny_detector(crops)
    torch.testing.assert_close(logits_after, 2 * logits_before + 0.5)
    torch.testing.assert_close(evidence_after, 2 * evidence_before + 0.5)


def test_threshold_allows_one_false_alarm_in_twenty_of_the_worst_set():
    twenty = np.arange(1, 21) / 100  # 0.01 to 0.20
    assert false_alarm_threshold([twenty]) == 0.20  # one of the 21 with the one to come, which is the allowed one
    assert false_alarm_threshold([np.arange(1, 40) / 100]) == 0.38  # 2 of 40: one seen, one to come
    assert false_alarm_threshold([twenty, np.array([0.3, 0.123456])]) == 0.3  # too few to allow any
    assert false_alarm_threshold([np.array([0.123456])]) == 0.1235


def test_uncertain_is_where_more_than_a_quarter_would_be_wrong():
    # fakes among ten clips each at p_fake 0.1, 0.3, 0.5, 0.7, 0.9: 1, 4, 5, 6, 9
    p_fake = np.repeat([0.1, 0.3, 0.5, 0.7, 0.9], 10)
    labels = np.concatenate([np.arange(10) < fakes for fakes in (1, 4, 5, 6, 9)]).astype(int)
    low, high = fit_uncertain(labels, p_fake, np.ones(50), threshold=0.5)
    assert low == pytest.approx(0.2, abs=2e-3)  # half-way from 10 % to 40 % fakes it passes 25 %
    assert high == pytest.approx(0.8, abs=2e-3)
    # with the threshold at 0.85 whoever is called fake is one more than three times in four
    low, high = fit_uncertain(labels, p_fake, np.ones(50), threshold=0.85)
    assert (low, high) == (pytest.approx(0.2, abs=2e-3), 0.85)


def test_between_what_was_seen_the_share_of_fakes_is_drawn_straight():
    low, high = fit_uncertain(np.array([0, 0, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]), np.ones(4), threshold=0.5)
    assert low == pytest.approx(0.35, abs=2e-3)
    assert high == pytest.approx(0.65, abs=2e-3)
