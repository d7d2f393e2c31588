"""Figures of few clips, each with the interval in which it may as well lie."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

CONFIDENCE = 0.95
RESAMPLES = 2000

Measure = Callable[[np.ndarray, np.ndarray], float]  # of labels (N,) and scores (N,)


@dataclass(frozen=True)
class Estimate:
    """A figure and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def interval(self) -> list[float]:
        """As JSON knows it."""
        return [self.low, self.high]


def auc_estimate(real: np.ndarray, fake: np.ndarray, seed: int = 0) -> Estimate:
    """AUC of scores (R,) of real and (F,) of fake clips: the share of pairs in which the fake's is higher, ties half.

    The interval is the percentile bootstrap's over clips, real and fake ones resampled apart (Efron and Tibshirani,
    1993, chapter 13). Neither may be empty.
    """
    wins = _wins(real, fake)  # (F, R)
    rng = np.random.default_rng(seed)
    drawn_fake = rng.multinomial(len(fake), np.full(len(fake), 1 / len(fake)), RESAMPLES) / len(fake)  # (B, F)
    drawn_real = rng.multinomial(len(real), np.full(len(real), 1 / len(real)), RESAMPLES) / len(real)  # (B, R)
    return _estimate(float(wins.mean()), ((drawn_fake @ wins) * drawn_real).sum(1))


def paired_auc_estimate(scores: np.ndarray, originals: Mapping[int, Sequence[int]], seed: int = 0) -> Estimate:
    """How often a fake's score exceeds its own original's, ties half; `originals` maps places of fakes in scores (N,)
    to those of their originals, of which several count together as one. The bootstrap is over fakes."""
    wins = np.array([_wins(scores[list(reals)], scores[[fake]]).mean() for fake, reals in originals.items()])
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(wins), np.full(len(wins), 1 / len(wins)), RESAMPLES) / len(wins)
    return _estimate(float(wins.mean()), drawn @ wins)


def bootstrapped(
    labels: np.ndarray,
    scores: np.ndarray,
    measures: Mapping[str, Callable[[np.ndarray, np.ndarray], float]],
    seed: int = 0,
) -> dict[str, Estimate]:
    """Measures of labels (N,) and scores (N,), by name, with the percentile bootstrap's intervals.

    Items are drawn anew class by class, so that each sample holds as many of each as there are.
    """
    rng = np.random.default_rng(seed)
    classes = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    drawn = np.empty((len(measures), RESAMPLES))
    for sample in range(RESAMPLES):
        places = np.concatenate([rng.choice(of, len(of)) for of in classes])
        drawn[:, sample] = [measure(labels[places], scores[places]) for measure in measures.values()]
    values = {name: measure(labels, scores) for name, measure in measures.items()}
    return {name: _estimate(value, drawn[i]) for i, (name, value) in enumerate(values.items())}


def share_estimate(count: int, total: int) -> Estimate:
    """count / total with the exact interval of a binomial share (Clopper and Pearson, Biometrika 26, 1934)."""
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, count, total - count + 1)) if count else 0.0
    high = float(beta.ppf(1 - tail, count + 1, total - count)) if count < total else 1.0
    return Estimate(count / total, low, high)


def _wins(real: np.ndarray, fake: np.ndarray) -> np.ndarray:
    """(F, R): 1 where the fake's score is the higher, 0.5 where they are the same."""
    difference = fake[:, None] - real[None, :]
    return (np.sign(difference) + 1) / 2


def _estimate(value: float, resampled: np.ndarray) -> Estimate:
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(resampled, [tail, 100 - tail])
    return Estimate(value, float(low), float(high))
