"""The networks that variants are made of, declared as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

POOLED = "pooled"  # the activation before the head: every architecture has one
_STAGES = {POOLED: "bn2"} | {f"blocks.{n}": f"blocks.{n}" for n in (6, 5, 4, 3, 2)}
_MESO = {POOLED: "bn4"} | {f"blocks.{n}": f"bn{n}" for n in (3, 2)}


@dataclass(frozen=True)
class Architecture:
    """What people call a network: how large it is, the group of its kind, its name.

    `layers` are those at which Grad-CAM may look, by the name that people choose them by, each the path of a torch
    module. `evidence`: whether its head is pooling and a linear layer, so that the graph gives a map of its evidence.
    """

    size: str
    group: str
    title: str
    layers: Mapping[str, str] = field(default_factory=lambda: _STAGES)
    evidence: bool = True


ARCHITECTURES: dict[str, Architecture] = {
    "efficientnet_b0": Architecture("Large", "EfficientNet", "EfficientNet-B0"),
    "efficientnet_lite0": Architecture("Small", "EfficientNet-Lite", "Lite0"),
    "efficientnet_lite0_softmax": Architecture("Small", "EfficientNet-Lite", "Lite0, two nodes", evidence=False),
    "efficientnet_lite1": Architecture("Small", "EfficientNet-Lite", "Lite1"),
    "efficientnet_lite2": Architecture("Small", "EfficientNet-Lite", "Lite2"),
    "meso4": Architecture("Tiny", "MesoNet", "Meso-4", _MESO, evidence=False),
    "mesoinception4": Architecture("Tiny", "MesoNet", "MesoInception-4", _MESO, evidence=False),
    "cnn3d_face": Architecture("Tiny", "3D", "3D network", {POOLED: "blocks.2"}),
    "legacy_xception": Architecture("Larger", "Xception", "Xception", {POOLED: "act4"}),
    **{f"efficientnet_b{n}": Architecture("Larger", "EfficientNet", f"EfficientNet-B{n}") for n in range(1, 8)},
}
GROUPS = tuple(dict.fromkeys(architecture.group for architecture in ARCHITECTURES.values()))
LAYERS = tuple(dict.fromkeys(layer for architecture in ARCHITECTURES.values() for layer in architecture.layers))
