"""A variant's name made into a ready detector."""

import json
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from model_zoo.detector import Detector
from model_zoo.efficientnet import ARCHITECTURES, build_efficientnet
from model_zoo.errors import BadWeights, UnknownVariant
from model_zoo.manifest import RELEASE, Released, read_manifest
from model_zoo.pruned import narrow
from model_zoo.variants import VARIANTS, Variant
from model_zoo.weights import check_sha256, load_weights


@dataclass(frozen=True)
class Loaded:
    """A released variant: `detector` with its weights in place, in eval mode, or, for int8, `graph`, an ONNX file."""

    variant: Variant
    facts: Released
    detector: Detector | None
    graph: Path | None = None


def variant_named(name: str) -> Variant:
    """The declared variant. Raises UnknownVariant, listing what there is."""
    if name not in VARIANTS:
        raise UnknownVariant(f"no variant named {name!r}; there are {', '.join(VARIANTS)}")
    return VARIANTS[name]


def build(variant: Variant) -> Detector:
    """The variant's dense network with random weights: a start for training, never served."""
    if variant.architecture not in ARCHITECTURES:
        raise UnknownVariant(f"{variant.name}: no builder for architecture {variant.architecture!r}")
    return Detector(build_efficientnet(variant.architecture), variant.mean, variant.std)


def load(name: str, release: Path = RELEASE) -> Loaded:
    """Load a released variant. Raises UnknownVariant, BadManifest or BadWeights; never falls back to random weights."""
    facts = read_manifest(release)[name]
    variant = variant_named(name)
    weights = Path(release) / facts.weights
    if variant.precision == "int8":
        check_sha256(weights, facts.sha256)
        return Loaded(variant, facts, None, weights)
    detector = build(variant)
    if variant.pruning:
        detector.network = _narrowed(detector.network, weights.with_name("config.json"))
    load_weights(detector.network, weights, facts.sha256)
    return Loaded(variant, facts, detector.eval())


def _narrowed(network: nn.Module, config: Path) -> nn.Module:
    try:
        return narrow(network, json.loads(config.read_text(encoding="utf-8"))["widths"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWeights(
            f"{config.parent.name}/config.json: no usable widths ({error!r}); fetch the release again"
        ) from error
