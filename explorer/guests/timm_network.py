"""A timm guest as a network of torch: its architecture by name, its weights from safetensors alone."""

import json
from inspect import signature
from pathlib import Path
from typing import Any

import timm
import torch
from torch import nn
from torch.nn import functional

from model_zoo.errors import BadGuest
from model_zoo.weights import load_weights

_NOT_THE_NETWORKS = frozenset(signature(timm.create_model).parameters)  # checkpoint_path would load a pickle
_TOLERANCE = 1e-3


class Classifier(nn.Module):
    """Normalised pictures (N, 3, S, S) -> outputs (N, K); with `mapped` also the maps (N, K, h, w) they average."""

    def __init__(self, network: nn.Module, mapped: bool):
        super().__init__()
        self.network: Any = network  # timm's: forward_features, get_classifier
        self.mapped = mapped

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, ...]:
        if not self.mapped:
            return (self.network(pictures),)
        head = self.network.get_classifier()
        maps = functional.conv2d(self.network.forward_features(pictures), head.weight[:, :, None, None], head.bias)
        return maps.mean((2, 3)), maps


def load_classifier(folder: Path, weights: str, sha256: str, side: int) -> Classifier:
    """The network that config.json in `folder` describes, in eval mode; with maps where it ends in pooling and a linear
    layer. Raises BadGuest, or BadWeights where the weights are not those, or do not fit."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    architecture = config["architecture"]
    if not timm.is_model(architecture):
        raise BadGuest(f"timm {timm.__version__} knows no architecture {architecture!r}")
    arguments = config.get("model_args") or {}
    if refused := sorted(_NOT_THE_NETWORKS.intersection(arguments)):
        raise BadGuest(f"its model_args name {refused[0]}, which says nothing of a network")
    try:
        network = timm.create_model(
            architecture, pretrained=False, num_classes=config.get("num_classes", 0), **arguments
        )
    except (TypeError, ValueError, RuntimeError) as error:
        raise BadGuest(
            f"{architecture} cannot be built as config.json says ({' '.join(str(error).split())[:120]})"
        ) from error
    load_weights(network, folder / weights, sha256)
    return Classifier(network, _averages_maps(network, side)).eval()


def _averages_maps(network: nn.Module, side: int) -> bool:
    """Whether its outputs are the mean of its last linear layer's on each place, on pictures of noise."""
    head = getattr(network, "get_classifier", lambda: None)()
    if not isinstance(head, nn.Linear):
        return False
    noise = torch.randn(2, 3, side, side, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        features = network.forward_features(noise)  # type: ignore[operator]  # timm's
        if features.ndim != 4 or features.shape[1] != head.in_features:
            return False
        mapped, outputs = Classifier(network, True)(noise)[0], network(noise)
    return bool(torch.allclose(mapped, outputs, atol=_TOLERANCE, rtol=_TOLERANCE))
