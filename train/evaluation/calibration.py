"""Making p_fake mean what it says: a line through the logits, a threshold for the verdict, a band of no verdict.

Nothing here may ever see the test split, or a clip of the held-out sources.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_curve

from model_zoo.detector import Detector
from model_zoo.metrics import check_scored
from train.errors import BadData

FALSE_ALARMS = 0.05  # at most this share of real clips may be called fake
TOO_OFTEN_WRONG = 0.25  # a clip that is wrong more often is called uncertain
TEMPERATURES = (0.05, 20.0)  # searched between these; a fit that ends at one of them asks for a look at the detector


def fit_temperature(labels: np.ndarray, logits: np.ndarray) -> float:
    """The T that minimises the log loss of sigmoid(logits / T), on labels (N,), 1 = fake, and logits (N,).

    Guo et al., ICML 2017, section 4.2. T > 1: the detector was too sure. Raises BadScores for labels of one class only
    and for logits that are not finite.
    """
    check_scored(labels, logits)
    margins = np.where(labels == 1, 1.0, -1.0) * logits.astype(np.float64)  # (N,) positive where the sign is right

    def loss(log_temperature: float) -> float:
        # log(1 + e^-x) rather than sklearn's log_loss, which clips p_fake and so goes flat for a small T
        return float(np.logaddexp(0.0, -margins / math.exp(log_temperature)).mean())

    bounds = tuple(math.log(temperature) for temperature in TEMPERATURES)
    return math.exp(minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6}).x)


@torch.no_grad()
def fold_temperature(detector: Detector, temperature: float) -> None:
    """Divide the classifier's weight and bias by T in place: its logits, and evidence maps, come out divided by T.

    So the stored network is calibrated by itself, and serving knows of no temperature.
    """
    head = detector.network.get_classifier()
    head.weight.div_(temperature)
    head.bias.div_(temperature)


def fit_threshold(labels: np.ndarray, logits: np.ndarray) -> float:
    """The p_fake threshold of greatest balanced accuracy on labels (N,), 1 = fake, and logits (N,).

    Greatest Youden's J = tpr - fpr (Youden, Cancer 3, 1950), half-way between the neighbouring scores, to 4 digits;
    of several equally good, the one nearest to 0.5. Raises BadScores for labels of one class only and for
    logits that are not finite, BadData where all scores are the same.
    """
    check_scored(labels, logits)
    false_positives, true_positives, scores = roc_curve(
        labels, expit(logits.astype(np.float64)), drop_intermediate=False
    )
    gain = (true_positives - false_positives)[1:-1]  # the ends call everything real, or everything fake
    if not gain.size:
        raise BadData(f"all {labels.size} scores are the same; no threshold tells real from fake")
    upper, lower = scores[1:-1], scores[2:]  # descending: the cut lies in [lower, upper)
    best = np.isclose(gain, gain.max())
    middles = ((upper + lower) / 2)[best]
    nearest = int(np.argmin(np.abs(middles - 0.5)))
    middle = float(middles[nearest])
    rounded = round(middle, 4)
    # scores closer to each other than the digits kept: the rounded cut would lie elsewhere
    return rounded if lower[best][nearest] <= rounded < upper[best][nearest] else middle


@dataclass(frozen=True)
class Scored:
    """Labelled clips, labels (N,) with 1 = fake, each with the logits (T,) of its frames."""

    labels: np.ndarray
    logits: Sequence[np.ndarray]

    @cached_property
    def counts(self) -> np.ndarray:
        """(N,) frames a clip."""
        return np.array([len(of) for of in self.logits])

    def p_fake(self, scaling: "Scaling") -> np.ndarray:
        """(N,) the mean of a clip's frames, as in serving, once the logits are scaled."""
        p_frames = expit(scaling.slope * np.concatenate(self.logits).astype(np.float64) + scaling.offset)
        return np.add.reduceat(p_frames, np.cumsum(self.counts) - self.counts) / self.counts


@dataclass(frozen=True)
class Scaling:
    """What a logit becomes: slope x logit + offset, with a positive slope."""

    slope: float = 1.0
    offset: float = 0.0


def fit_scaling(sets: Sequence[Scored], shares: Sequence[float] | None = None) -> Scaling:
    """The line that minimises the clips' log loss, the sets counting by their shares (alike), and in each both classes.

    Platt, 1999, on clips whose p_fake is a mean over frames; several sets, because one p_fake must serve them all. As
    classes count alike, p_fake = 0.5 is where a fake and a real clip are equally likely. Raises BadScores for a set of
    one class and for logits that are not finite.
    """
    for scored in sets:
        check_scored(scored.labels, np.array([of.mean() for of in scored.logits]))

    def loss(parameters: np.ndarray) -> float:
        scaling = Scaling(math.exp(parameters[0]), parameters[1])
        losses = [balanced_log_loss(scored.labels, scored.p_fake(scaling)) for scored in sets]
        return float(np.average(losses, weights=shares))

    found = minimize(loss, (0.0, 0.0), method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-9})
    return Scaling(math.exp(found.x[0]), float(found.x[1]))


def balanced_log_loss(labels: np.ndarray, p_fake: np.ndarray) -> float:
    """The mean of both classes' mean log loss; labels (N,), p_fake (N,) in [0, 1]."""
    right = np.clip(np.where(labels == 1, p_fake, 1 - p_fake), 1e-12, None)
    return float(-np.mean([np.log(right[labels == label]).mean() for label in (0, 1)]))


@torch.no_grad()
def fold_scaling(detector: Detector, scaling: Scaling) -> None:
    """Give the classifier the scaling in place: its logits, and their evidence maps, come out scaled.

    So the stored network is calibrated by itself, and serving knows of no calibration.
    """
    head = detector.network.get_classifier()
    head.weight.mul_(scaling.slope)
    head.bias.mul_(scaling.slope).add_(-scaling.offset if detector.turned else scaling.offset)


def false_alarm_threshold(real: Sequence[np.ndarray], share: float = FALSE_ALARMS) -> float:
    """The lowest threshold, to four digits, at which of each of these sets of real clips at most a share is called
    fake; `real` holds p_fake (N,) a set.

    With n clips the share is taken of n + 1, as if one more, the worst, had been seen: then a further clip of the same
    kind is called fake with no greater probability (Vovk et al., 2005; split conformal). Too few clips to allow
    one: above them all.
    """
    levels = []
    for scores in real:
        allowed = math.floor(share * (len(scores) + 1))  # above the threshold, the further clip among them
        levels.append(float(np.sort(scores)[len(scores) - max(allowed, 1)]))
    return min(math.ceil(max(levels) * 1e4) / 1e4, 1.0)


def fit_uncertain(labels: np.ndarray, p_fake: np.ndarray, weights: np.ndarray, threshold: float) -> tuple[float, float]:
    """[low, high] about the threshold, inside of which a verdict would be wrong more than TOO_OFTEN_WRONG of the time.

    The share of fakes by p_fake is isotonic regression's, of labels (N,) with 1 = fake weighted (N,) (Zadrozny and
    Elkan, KDD 2002): below the threshold it is the share of wrong verdicts, above it the share of right ones.
    """
    share = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p_fake, labels, sample_weight=weights)
    levels = np.linspace(0, 1, 1001)
    fakes = share.predict(levels)
    wrong_below = levels[(levels <= threshold) & (fakes > TOO_OFTEN_WRONG)]
    wrong_above = levels[(levels >= threshold) & (fakes < 1 - TOO_OFTEN_WRONG)]
    low = min(float(wrong_below.min()), threshold) if wrong_below.size else threshold
    high = max(float(wrong_above.max()), threshold) if wrong_above.size else threshold
    return min(round(low, 3), threshold), math.ceil(high * 1e4) / 1e4
