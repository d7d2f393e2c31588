"""Class activation maps by gradients: pytorch-grad-cam's methods on the torch network."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, LayerCAM
from pytorch_grad_cam.utils.model_targets import RawScoresOutputTarget
from torch import nn

from explorer.errors import UnknownOption
from explorer.heatmaps.overlay import HEATMAPS, METHODS

_CAMERAS: dict[str, Callable] = dict(zip(METHODS, (GradCAM, GradCAMPlusPlus, LayerCAM, EigenCAM), strict=True))


class _Scores(nn.Module):
    """What pytorch-grad-cam expects: float32 crops (N, 3, S, S) in, a column of scores (N, 1) out."""

    def __init__(self, detector: nn.Module):
        super().__init__()
        self.detector = detector

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.detector(crops.permute(0, 2, 3, 1))[0][:, None]


def layer_named(detector: nn.Module, name: str) -> nn.Module:
    """A layer to look at, one of those that are declared of its architecture. Raises UnknownOption."""
    wrapped: Any = detector
    if name not in wrapped.kind.layers:
        raise UnknownOption(f"no layer named {name!r}; choose one of {', '.join(wrapped.kind.layers)}")
    return wrapped.network.get_submodule(wrapped.kind.layers[name])


def gradient_maps(detector: nn.Module, crops: np.ndarray, method: str, layer: str = "pooled") -> np.ndarray:
    """pytorch-grad-cam's map of each crop, (N, S, S, 3) uint8 -> (N, S, S) float32 in [0, 1], scaled crop by crop.

    The detector's mode is given back, and its gradients are cleared. Raises UnknownOption.
    """
    if method not in METHODS:
        raise UnknownOption(f"no heatmap method named {method!r}; choose one of {', '.join(HEATMAPS)}")
    layers, was_training = [layer_named(detector, layer)], detector.training
    try:
        with _CAMERAS[method](model=_Scores(detector).eval(), target_layers=layers) as camera:
            maps = [camera(_differentiable(crop), targets=[RawScoresOutputTarget()])[0] for crop in crops]
    finally:
        detector.train(was_training)
        detector.zero_grad(set_to_none=True)
    return np.stack(maps).astype(np.float32)


def _differentiable(crop: np.ndarray) -> torch.Tensor:
    """(S, S, 3) uint8 -> (1, 3, S, S) float32: pytorch-grad-cam wants a gradient at the input; uint8 carries none."""
    return torch.from_numpy(crop.transpose(2, 0, 1)[None].astype(np.float32)).requires_grad_()
