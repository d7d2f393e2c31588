"""What corruptions cost a detector: AUC lost, and how far p_fake moves, on a fixed subset of crops."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from explorer.corruptions import CORRUPTIONS, Corrupt
from explorer.structures import Runner
from explorer.verdicts import probabilities
from train.dataset.items import FAKE, REAL, Item
from train.evaluation.scores import score_crops

CROPS_A_CLASS = 150


def fixed_subset(items: Sequence[Item], a_class: int = CROPS_A_CLASS) -> list[Item]:
    """As many items of either class, evenly spread over the list: the same for every variant and every time."""
    subset = []
    for label in (REAL, FAKE):
        of_class = [item for item in items if item.label == label]
        places = np.linspace(0, len(of_class) - 1, min(a_class, len(of_class))).round().astype(int)
        subset += [of_class[place] for place in places]
    return subset


def measure_corruptions(runners: Mapping[str, Runner], items: Sequence[Item]) -> dict[str, dict[str, Any]]:
    """By variant: `crops`, the `auc` of untouched ones, and by corruption auc, auc_lost, median_move and p95_move.

    A move is |p_fake of the spoilt crop - p_fake of the untouched one|. Raises BadData where a crop is corrupt.
    """
    labels = np.array([item.label for item in items])
    clean = _p_fake(runners, items, lambda crop: crop)
    measured: dict[str, dict[str, Any]] = {
        name: {"crops": len(items), "auc": float(roc_auc_score(labels, p_fake))} for name, p_fake in clean.items()
    }
    for corruption, corrupt in CORRUPTIONS.items():
        for name, p_fake in _p_fake(runners, items, corrupt).items():
            auc, moves = float(roc_auc_score(labels, p_fake)), np.abs(p_fake - clean[name])
            measured[name][corruption] = {
                "auc": auc,
                "auc_lost": measured[name]["auc"] - auc,
                "median_move": float(np.median(moves)),
                "p95_move": float(np.percentile(moves, 95)),
            }
    return measured


def _p_fake(runners: Mapping[str, Runner], items: Sequence[Item], corrupt: Corrupt) -> dict[str, np.ndarray]:
    crops = [lambda item=item: corrupt(item.pixels()) for item in items]
    return {name: probabilities(logits) for name, logits in score_crops(runners, crops).items()}
