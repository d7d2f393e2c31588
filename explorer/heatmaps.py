"""Class activation maps: where a detector looked, and overlays to show it."""

from collections.abc import Callable

import cv2
import numpy as np
import torch
from matplotlib import colormaps
from pytorch_grad_cam import EigenCAM, GradCAM, GradCAMPlusPlus, LayerCAM
from pytorch_grad_cam.utils.model_targets import RawScoresOutputTarget
from torch import nn

from explorer.errors import UnknownOption
from explorer.scores import probabilities

EVIDENCE = "evidence"  # the graph's own second output: exact, signed, and as good as free in any engine
METHODS: dict[str, Callable] = {
    "gradcam": GradCAM,  # Selvaraju et al., ICCV 2017
    "gradcam++": GradCAMPlusPlus,  # Chattopadhay et al., WACV 2018
    "layercam": LayerCAM,  # Jiang et al., TIP 2021
    "eigencam": EigenCAM,  # Muhammad & Yeasin, IJCNN 2020
}
LAYERS = ("pooled", "blocks.6", "blocks.5", "blocks.4", "blocks.3", "blocks.2")
_COOLWARM, _INFERNO = (np.float32(colormaps[name](np.arange(256))[:, :3] * 255) for name in ("coolwarm", "inferno"))


class _Scores(nn.Module):
    """What pytorch-grad-cam expects: float32 crops (N, 3, S, S) in, a column of scores (N, 1) out."""

    def __init__(self, detector: nn.Module):
        super().__init__()
        self.detector = detector

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.detector(crops.permute(0, 2, 3, 1))[0][:, None]


def layer_named(detector: nn.Module, name: str) -> nn.Module:
    """A layer to look at: `pooled` is the activation that enters the pool, `blocks.N` a stage before it."""
    if name not in LAYERS:
        raise UnknownOption(f"no layer named {name!r}; choose one of {', '.join(LAYERS)}")
    return detector.network.bn2 if name == "pooled" else detector.network.get_submodule(name)


def gradient_maps(detector: nn.Module, crops: np.ndarray, method: str, layer: str = "pooled") -> np.ndarray:
    """pytorch-grad-cam's map of each crop, (N, S, S, 3) uint8 -> (N, S, S) float32 in [0, 1], scaled crop by crop.

    The detector's mode is given back, and its gradients are cleared. Raises UnknownOption.
    """
    if method not in METHODS:
        raise UnknownOption(f"no heatmap method named {method!r}; choose one of {', '.join((EVIDENCE, *METHODS))}")
    layers, was_training = [layer_named(detector, layer)], detector.training
    try:
        with METHODS[method](model=_Scores(detector).eval(), target_layers=layers) as camera:
            maps = [camera(_differentiable(crop), targets=[RawScoresOutputTarget()])[0] for crop in crops]
    finally:
        detector.train(was_training)
        detector.zero_grad(set_to_none=True)
    return np.stack(maps).astype(np.float32)


def _differentiable(crop: np.ndarray) -> torch.Tensor:
    """(S, S, 3) uint8 -> (1, 3, S, S) float32: pytorch-grad-cam wants a gradient at the input; uint8 carries none."""
    return torch.from_numpy(crop.transpose(2, 0, 1)[None].astype(np.float32)).requires_grad_()


def evidence_overlay(crop: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Evidence (h, w) over its crop (S, S, 3) -> (S, S, 3) uint8; red speaks for fake, blue for real.

    The colour of a place is the sigmoid of its evidence: one absolute scale for all frames and variants. Where the
    evidence is weak the face shows through.
    """
    local = probabilities(cv2.resize(evidence, crop.shape[1::-1], interpolation=cv2.INTER_CUBIC)).astype(np.float32)
    return _blend(crop, _COOLWARM[np.rint(255 * local).astype(np.uint8)], 1.2 * np.abs(local - 0.5))


def map_overlay(crop: np.ndarray, heatmap: np.ndarray) -> np.ndarray:
    """A map (h, w) in [0, 1] over its crop (S, S, 3) -> (S, S, 3) uint8; brighter looked harder."""
    weights = np.clip(cv2.resize(heatmap, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR), 0, 1)
    return _blend(crop, _INFERNO[np.rint(255 * weights).astype(np.uint8)], 0.65 * weights)


def _blend(crop: np.ndarray, colours: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """Colours (S, S, 3) in [0, 255] over the crop, with opacity alpha (S, S)."""
    return np.rint(crop + np.clip(alpha, 0, 1, dtype=np.float32)[..., None] * (colours - crop)).astype(np.uint8)
