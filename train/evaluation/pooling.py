"""Whether a clip's frames tell more when they are pooled otherwise than by the mean, which serving does."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import trim_mean

from explorer.verdicts import probabilities
from model_zoo.intervals import Estimate, auc_estimate, paired_auc_estimate
from train.dataset.clips import Clip, originals
from train.dataset.items import FAKE, REAL
from train.evaluation.elsewhere import one_class_sources

MIN_FRAMES = 4  # of a clip, for which pooling makes a difference


def top_half(p_fake: np.ndarray) -> float:
    """The mean of the more suspicious half of the frames."""
    return float(np.sort(p_fake)[len(p_fake) // 2 :].mean())


def agreement(p_fake: np.ndarray) -> float:
    """The mean over neighbouring frames of their lower p_fake: one suspicious frame alone counts for little."""
    return float(np.minimum(p_fake[:-1], p_fake[1:]).mean())


POOLINGS: dict[str, Callable[[np.ndarray], float]] = {  # p_fake (T,) of a clip's frames in order -> its score
    "mean": lambda p_fake: float(p_fake.mean()),
    "median": lambda p_fake: float(np.median(p_fake)),
    "top half": top_half,
    "trimmed": lambda p_fake: float(trim_mean(p_fake, 0.25)),
    "agreement": agreement,
    "maximum": lambda p_fake: float(p_fake.max()),
}


def compare(clips: Sequence[Clip], logits: Sequence[np.ndarray]) -> dict[str, tuple[Estimate, Estimate]]:
    """AUC and paired AUC by pooling, of clips of sources with both classes and at least MIN_FRAMES frames."""
    left_out = set(one_class_sources(clips))
    kept = [i for i, clip in enumerate(clips) if clip.source not in left_out and len(logits[i]) >= MIN_FRAMES]
    members = [clips[i] for i in kept]
    labels, pairs = np.array([clip.label for clip in members]), originals(members)
    estimates = {}
    for name, pool in POOLINGS.items():
        scores = np.array([pool(probabilities(logits[i])) for i in kept])
        whole = auc_estimate(scores[labels == REAL], scores[labels == FAKE])
        estimates[name] = whole, paired_auc_estimate(scores, pairs)
    return estimates


def pooling_lines(name: str, group: str, clips: Sequence[Clip], logits: Sequence[np.ndarray]) -> list[str]:
    """A line to print for every pooling of one variant on one group's clips."""
    return [
        f"{name:18} {group:12} {pooling:10} AUC {whole.value:.3f} ({whole.low:.2f}-{whole.high:.2f})  "
        f"paired {paired.value:.3f} ({paired.low:.2f}-{paired.high:.2f})"
        for pooling, (whole, paired) in compare(clips, logits).items()
    ]
