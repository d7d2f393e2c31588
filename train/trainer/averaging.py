"""Weights between those that a run started from and those that it ended with."""

from collections.abc import Mapping

import torch

from model_zoo.detector import Detector
from train.dataset.judging import JudgingSet
from train.trainer.judge import judge

SHARES = (1.0, 0.8, 0.6, 0.4)  # of what was learnt
TOLERANCE = 0.02  # of goodness, within which the nearest to the start wins: an AUC of 14 clips is known to some 0.08


def average_with_start(
    detector: Detector, start: Mapping[str, torch.Tensor], judging: JudgingSet
) -> tuple[float, dict[str, float]]:
    """Give the detector the best of its averages with the weights that it started from: their share, and its measures.

    Fine-tuning forgets; on the straight line back to its start lies what is as good at the new and better at the old
    (Wortsman et al., Robust fine-tuning of zero-shot models, 2022, section 3). Best is the least share whose goodness,
    the mean of the AUCs and of the share of real clips not called fake, all of the judging set, is within TOLERANCE
    of the highest.
    """
    end = {key: value.clone() for key, value in detector.network.state_dict().items()}
    measured: dict[float, dict[str, float]] = {}
    for share in SHARES:
        detector.network.load_state_dict(between(start, end, share))
        measured[share] = judge(detector, judging)
    highest = max(goodness(values) for values in measured.values())
    best = min(share for share in SHARES if goodness(measured[share]) >= highest - TOLERANCE)
    detector.network.load_state_dict(between(start, end, best))
    return best, measured[best]


def between(
    start: Mapping[str, torch.Tensor], end: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """The state at this share of the way from one to the other; counters are the end's."""
    return {
        key: torch.lerp(start[key].to(value), value, share) if value.is_floating_point() else value
        for key, value in end.items()
    }


def goodness(measured: Mapping[str, float]) -> float:
    """The mean of what `judge` measures, each turned so that more is better."""
    values = [1 - value if name == "real_called_fake" else value for name, value in measured.items()]
    return sum(values) / len(values)
