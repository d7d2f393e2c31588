"""A variant's declaration made into a network."""

import json
from collections.abc import Callable
from pathlib import Path

from torch import nn

from model_zoo.cnn3d import FACE, build_face_tube
from model_zoo.detector import Detector
from model_zoo.efficientnet import EFFICIENTNETS, build_efficientnet
from model_zoo.errors import BadWeights, UnknownVariant
from model_zoo.mesonet import MESONETS, build_mesonet
from model_zoo.pruned import narrow
from model_zoo.variants import VARIANTS, Variant
from model_zoo.weights import load_weights
from model_zoo.xception import XCEPTIONS, build_xception

BUILDERS: dict[str, Callable[[str], nn.Module]] = {
    **dict.fromkeys(EFFICIENTNETS, build_efficientnet),
    **dict.fromkeys(MESONETS, build_mesonet),
    **dict.fromkeys(XCEPTIONS, build_xception),
    FACE: build_face_tube,
}


def variant_named(name: str) -> Variant:
    """The declared variant. Raises UnknownVariant, listing what there is."""
    if name not in VARIANTS:
        raise UnknownVariant(f"no variant named {name!r}; there are {', '.join(VARIANTS)}")
    return VARIANTS[name]


def build(variant: Variant) -> Detector:
    """The variant's dense network with random weights: a start for training, never served."""
    if variant.architecture not in BUILDERS:
        raise UnknownVariant(f"{variant.name}: no builder for architecture {variant.architecture!r}")
    network = BUILDERS[variant.architecture](variant.architecture)
    return Detector(network, variant.mean, variant.std, variant.turned, variant.kind)


def restore(variant: Variant, weights: Path, sha256: str | None) -> Detector:
    """The float variant with its stored weights, in eval mode; `config.json` beside them holds a pruned one's widths.

    Raises UnknownVariant or BadWeights; never falls back to random weights.
    """
    detector = build(variant)
    if variant.pruning:
        detector.network = _narrowed(detector.network, weights.with_name("config.json"))
    load_weights(detector.network, weights, sha256)
    return detector.eval()


def _narrowed(network: nn.Module, config: Path) -> nn.Module:
    try:
        return narrow(network, json.loads(config.read_text(encoding="utf-8"))["widths"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadWeights(
            f"{config.parent.name}/config.json: no usable widths ({error!r}); fetch the release again"
        ) from error
