import numpy as np
import pytest
import torch

from train.errors import BadData
from train.evaluation.calibration import fit_temperature, fit_threshold, fold_temperature


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
    with pytest.raises(BadData, match=r"hold the classes \[0\]"):
        fit(np.array([0, 0]), np.array([1.0, 2.0]))
    with pytest.raises(BadData, match="1 of 2 scores are not finite"):
        fit(np.array([0, 1]), np.array([1.0, np.nan]))


def test_no_threshold_between_equal_scores():
    with pytest.raises(BadData, match="all 2 scores are the same"):
        fit_threshold(np.array([0, 1]), np.array([1.0, 1.0]))
