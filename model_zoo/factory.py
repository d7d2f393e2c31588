"""A variant's name made into a ready detector."""

from dataclasses import dataclass
from pathlib import Path

from model_zoo.detector import Detector
from model_zoo.efficientnet import ARCHITECTURES, build_efficientnet
from model_zoo.errors import UnknownVariant
from model_zoo.manifest import RELEASE, Released, read_manifest
from model_zoo.variants import VARIANTS, Variant
from model_zoo.weights import load_weights


@dataclass(frozen=True)
class Loaded:
    """A released variant with its weights in place, in eval mode."""

    variant: Variant
    facts: Released
    detector: Detector


def variant_named(name: str) -> Variant:
    """The declared variant. Raises UnknownVariant, listing what there is."""
    if name not in VARIANTS:
        raise UnknownVariant(f"no variant named {name!r}; there are {', '.join(VARIANTS)}")
    return VARIANTS[name]


def build(variant: Variant) -> Detector:
    """The variant's network with random weights: a start for training, never served."""
    if variant.architecture not in ARCHITECTURES:
        raise UnknownVariant(f"{variant.name}: no builder for architecture {variant.architecture!r}")
    return Detector(build_efficientnet(variant.architecture), variant.mean, variant.std)


def load(name: str, release: Path = RELEASE) -> Loaded:
    """Load a released variant. Raises UnknownVariant, BadManifest or BadWeights; never falls back to random weights."""
    facts = read_manifest(release)[name]
    variant = variant_named(name)
    detector = build(variant)
    load_weights(detector.network, Path(release) / facts.weights, facts.sha256)
    return Loaded(variant, facts, detector.eval())
