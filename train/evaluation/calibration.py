"""Making p_fake mean what it says, by what validation shows: a temperature for the logits, a threshold for the verdict.

Nothing here may ever see the test split.
"""

import math

import numpy as np
import torch
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.metrics import roc_curve

from model_zoo.detector import Detector
from train.errors import BadData
from train.evaluation.metrics import check_scored

TEMPERATURES = (0.05, 20.0)  # searched between these; a fit that ends at one of them asks for a look at the detector


def fit_temperature(labels: np.ndarray, logits: np.ndarray) -> float:
    """The T that minimises the log loss of sigmoid(logits / T), on labels (N,), 1 = fake, and logits (N,).

    Guo et al., ICML 2017, section 4.2. T > 1: the detector was too sure. Raises BadData for labels of one class only
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
    of several equally good, the one nearest to 0.5. Raises BadData for labels of one class only, for logits that are
    not finite, and where all scores are the same.
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
