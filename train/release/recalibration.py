"""Released variants calibrated for use: their classifiers scaled, with a threshold and an uncertain band from data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.inference.engines import open_engine
from explorer.structures import Runner
from model_zoo.loading import load
from model_zoo.manifest import Released
from model_zoo.variants import IMPORTED, VARIANTS
from train.dataset.clips import Clip
from train.dataset.items import REAL, Item
from train.evaluation.calibration import (
    Scaling,
    Scored,
    false_alarm_threshold,
    fit_scaling,
    fit_uncertain,
    fold_scaling,
)
from train.evaluation.scores import score_clips, score_crops
from train.release.golden import golden_logits
from train.release.package import add_to_manifest, put_into_release


@dataclass(frozen=True)
class Calibration:
    """What was found for a variant: how its logits are scaled, and p_fake's threshold and uncertain band after that."""

    scaling: Scaling
    threshold: float
    uncertain: tuple[float, float]


def score_sets(
    runners: Mapping[str, Runner], validation: Sequence[Item], clips: Sequence[Clip]
) -> dict[str, tuple[Scored, Scored]]:
    """By variant the validation crops, each a clip of one frame, and the calibration group's clips."""
    crops = score_crops(runners, [item.pixels for item in validation])
    of_clips = score_clips(runners, clips)
    labels, clip_labels = (np.array([known.label for known in of]) for of in (validation, clips))
    return {
        name: (Scored(labels, np.split(crops[name], len(labels))), Scored(clip_labels, of_clips[name]))
        for name in runners
    }


def calibration_of(sets: Sequence[Scored], shares: Sequence[float], scaling: Scaling | None = None) -> Calibration:
    """Fitted to several sets that count by their shares; the threshold holds on each of them alone. Raises BadData.

    A `scaling` that is given stays as it is.
    """
    scaling = scaling or fit_scaling(sets, shares)
    scores = [scored.p_fake(scaling) for scored in sets]
    threshold = false_alarm_threshold([p[of.labels == REAL] for of, p in zip(sets, scores, strict=True)])
    weights = [share * _balanced(of.labels) for of, share in zip(sets, shares, strict=True)]
    labels = np.concatenate([of.labels for of in sets])
    band = fit_uncertain(labels, np.concatenate(scores), np.concatenate(weights), threshold)
    return Calibration(scaling, threshold, band)


def _balanced(labels: np.ndarray) -> np.ndarray:
    """Weights (N,) of sum 1 under which either class counts for a half."""
    return np.where(labels == REAL, 0.5 / (labels == REAL).sum(), 0.5 / (labels != REAL).sum())


def recalibrate(name: str, found: Calibration, release: Path) -> Released:
    """Fold the scaling into a released float variant and write its threshold and band; metrics are measured anew."""
    loaded = load(name, release)
    if VARIANTS[name].weights == IMPORTED:  # their authors' weights stay what they are
        return _finished(loaded.facts, found, release)
    fold_scaling(loaded.network, found.scaling)
    training = loaded.facts.training | {"calibration": _provenance(found.scaling, loaded.facts.training)}
    released = put_into_release(VARIANTS[name], loaded.network, training, release)
    return _finished(released, found, release)


def _finished(released: Released, found: Calibration, release: Path) -> Released:
    run = open_engine("auto", Path(release) / released.graph, lambda: None)
    golden = [round(float(logit), 5) for logit in golden_logits(run, VARIANTS[released.name].crop_shape)]
    changed: dict[str, Any] = {"threshold": found.threshold, "uncertain": list(found.uncertain), "golden": golden}
    return add_to_manifest(replace(released, metrics={}, scope={}, **changed), release)


def _provenance(scaling: Scaling, training: Mapping[str, Any]) -> dict[str, float]:
    """The scaling since training, with what earlier calibrations did to the logits."""
    before = training.get("calibration", {"slope": 1.0, "offset": 0.0})
    slope, offset = before["slope"] * scaling.slope, before["offset"] * scaling.slope + scaling.offset
    return {"slope": round(slope, 5), "offset": round(offset, 5)}
