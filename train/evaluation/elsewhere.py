"""How good a detector is on clips from elsewhere: by kind of forgery, beside the originals, and on real clips alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import log_loss, roc_curve

from model_zoo.families import FAMILIES
from model_zoo.intervals import Estimate, auc_estimate, paired_auc_estimate, share_estimate
from model_zoo.manifest import ELSEWHERE, MIN_CLIPS
from model_zoo.metrics import expected_calibration_error
from train.dataset.clips import LIVE_SWAPS, Clip, originals
from train.dataset.groups import HELD_OUT
from train.dataset.items import FAKE, REAL

ALLOWED_FALSE_ALARMS = 0.05

Measured = dict[str, Any]


def metrics_key(group: str) -> str:
    """Where a group's measures stand among a variant's metrics; `elsewhere` by itself is the held-out one."""
    return ELSEWHERE if group == HELD_OUT else f"{ELSEWHERE}_{group}"


def one_class_sources(clips: Sequence[Clip]) -> list[str]:
    """The sources all of whose clips are real, or all fake: what tells them apart could be the source alone."""
    labels: dict[str, set[int]] = {}
    for clip in clips:
        labels.setdefault(clip.source, set()).add(clip.label)
    return sorted(source for source, known in labels.items() if len(known) == 1)


def measure_group(clips: Sequence[Clip], p_fake: np.ndarray, threshold: float) -> Measured:
    """All measures of one group's clips, p_fake (N,) each the mean of its frames.

    One-class sources count for `false_alarms` alone. What cannot be measured, for want of a class, is left out.
    """
    left_out = set(one_class_sources(clips))
    kept = [place for place, clip in enumerate(clips) if clip.source not in left_out]
    pooled, scores = [clips[place] for place in kept], p_fake[kept]
    labels = np.array([clip.label for clip in pooled], int)
    real, fake = scores[labels == REAL], scores[labels == FAKE]
    measured: Measured = {"clips": len(clips), "real_clips": len(real), "fake_clips": len(fake)}
    if len(real) and len(fake):
        measured |= _auc(real, fake) | {
            "ece": expected_calibration_error(labels, scores),
            "log_loss": float(log_loss(labels, scores, labels=[REAL, FAKE])),
            "families": _families(pooled, scores, threshold),
        }
    if pairs := originals(pooled):
        measured["paired"] = _paired(scores, pairs)
    live = {place: reals for place, reals in pairs.items() if pooled[place].source == LIVE_SWAPS}
    if live:
        measured["live_swaps"] = _paired(scores, live)
    if false_alarms := _false_alarms(clips, p_fake, threshold):
        measured["false_alarms"] = false_alarms
    return measured


def scope_of(measured: Measured) -> dict[str, Measured]:
    """By kind of forgery what may be claimed: AUC, interval, clips, and whether that is better than chance.

    `better_than_chance` is None where fewer than MIN_CLIPS clips of either class leave it undecided.
    """
    scope = {}
    for family, of in measured.get("families", {}).items():
        decided = min(of["clips"], measured["real_clips"]) >= MIN_CLIPS
        better = of["auc_interval"][0] > 0.5 if decided else None
        keys = ("clips", "auc", "auc_interval")
        scope[family] = {key: of[key] for key in keys} | {"better_than_chance": better}
    return scope


def group_line(measured: Measured) -> str:
    """The measures in a line to print."""
    families = [
        f"{family} {of['auc']:.3f} ({of['auc_interval'][0]:.2f}-{of['auc_interval'][1]:.2f}, {of['clips']} clips, "
        f"{of['called_fake']:.0%} caught, at 5 % {of['tpr_at_5_fpr']:.0%})"
        for family, of in measured.get("families", {}).items()
    ]
    pairs = [f"{key} {measured[key]['auc']:.3f}" for key in ("paired", "live_swaps") if key in measured]
    alarms = measured.get("false_alarms")
    counted = [f"false alarms {alarms['called_fake']} of {alarms['clips']}"] if alarms else []
    means = [f"ece {measured['ece']:.3f} log loss {measured['log_loss']:.3f}"] if "ece" in measured else []
    return "; ".join(families + pairs + counted + means)


def detection_rate(real: np.ndarray, fake: np.ndarray) -> float:
    """The share of fakes above a threshold that calls at most ALLOWED_FALSE_ALARMS of the real scores fake."""
    labels = np.repeat([REAL, FAKE], [len(real), len(fake)])
    false_positives, true_positives, _ = roc_curve(labels, np.concatenate([real, fake]), drop_intermediate=False)
    return float(true_positives[false_positives <= ALLOWED_FALSE_ALARMS].max())


def _families(clips: Sequence[Clip], scores: np.ndarray, threshold: float) -> dict[str, Measured]:
    names = np.array([clip.family for clip in clips])
    real = scores[names == "real"]
    measured: dict[str, Measured] = {}
    for family in FAMILIES:
        fake = scores[names == family]
        if not len(fake):
            continue
        caught = share_estimate(int((fake > threshold).sum()), len(fake))
        measured[family] = {"clips": len(fake)} | _auc(real, fake)
        measured[family] |= {"called_fake": caught.value, "called_fake_interval": caught.interval}
        pairs = {place: reals for place, reals in originals(list(clips)).items() if clips[place].family == family}
        if pairs:
            measured[family]["paired"] = _paired(scores, pairs)
    return measured


def _auc(real: np.ndarray, fake: np.ndarray) -> Measured:
    estimate = auc_estimate(real, fake)
    rate = detection_rate(real, fake)
    return {"auc": estimate.value, "auc_interval": estimate.interval, "tpr_at_5_fpr": rate}


def _paired(scores: np.ndarray, pairs: dict[int, list[int]]) -> Measured:
    estimate: Estimate = paired_auc_estimate(scores, pairs)
    return {"pairs": len(pairs), "auc": estimate.value, "auc_interval": estimate.interval}


def _false_alarms(clips: Sequence[Clip], p_fake: np.ndarray, threshold: float) -> Measured:
    """Real clips called fake: how many of how many, in all and by source; empty where there are none."""
    by_source: dict[str, dict[str, int]] = {}
    for clip, score in zip(clips, p_fake, strict=True):
        if clip.label == REAL:
            counted = by_source.setdefault(clip.source, {"clips": 0, "called_fake": 0})
            counted["clips"] += 1
            counted["called_fake"] += int(score > threshold)
    if not by_source:
        return {}
    clip_count, called_fake = (sum(of[key] for of in by_source.values()) for key in ("clips", "called_fake"))
    rate = share_estimate(called_fake, clip_count)
    counts = {"clips": clip_count, "called_fake": called_fake}
    return counts | {"rate": rate.value, "rate_interval": rate.interval, "by_source": by_source}
