"""A release looked over before it is published."""

from pathlib import Path

import numpy as np

from explorer.inference.engines import GRAPH_ENGINES, torch_engine
from explorer.verdicts import probabilities
from model_zoo.loading import LoadedVariant, load
from model_zoo.manifest import Manifest, Released, read_manifest
from train.errors import BadRun
from train.release.golden import golden_logits

MEASURES = {"auc", "accuracy", "log_loss", "eer", "average_precision", "ece", "per_category"}
TOLERANCE = {"float32": 1e-3, "int8": 0.1}  # of p_fake: engines and processors round int8 differently


def inspect_release(release: Path) -> Manifest:
    """The manifest of a release that is whole. Raises ZooError for files that are not the manifest's or not finite, and
    BadRun where a metric, a card or a golden logit is missing or wrong."""
    manifest = read_manifest(release)
    if not manifest.variants:
        raise BadRun(f"{release}: the release holds no variant; python train/build_zoo.py makes them")
    for row in manifest.variants.values():
        _inspect(row, load(row.name, release), Path(release))
    return manifest


def _inspect(row: Released, loaded: LoadedVariant, release: Path) -> None:
    for split in ("validation", "test"):
        lacking = MEASURES - set(row.metrics.get(split, {}))
        if lacking:
            raise BadRun(f"{row.name}: no {', '.join(sorted(lacking))} on {split}; run train/evaluate.py")
    if not (release / row.name / "README.md").is_file():
        raise BadRun(f"{row.name}: no model card; run train/write_cards.py")
    expected = probabilities(np.array(row.golden))
    logits_by_engine = {
        name: golden_logits(engine(loaded.graph), loaded.variant.crop_shape) for name, engine in GRAPH_ENGINES.items()
    }
    if loaded.detector is not None:
        logits_by_engine["torch"] = golden_logits(torch_engine(loaded.detector), loaded.variant.crop_shape)
    for engine, logits in logits_by_engine.items():
        if len(expected) != len(logits):
            raise BadRun(f"{row.name}: no golden logits in the manifest; release it again")
        off = np.abs(probabilities(logits) - expected).max()
        if not off <= TOLERANCE[loaded.variant.precision]:
            raise BadRun(f"{row.name} on {engine}: p_fake of the golden crops is {off:.3f} off; release it again")
