"""Class activation maps laid over faces: where a detector looked."""

import cv2
import numpy as np
from matplotlib import colormaps

EVIDENCE = "evidence"  # the graph's own second output: exact, signed, and as good as free in any engine
OCCLUSION = "occlusion"  # of any detector, in any engine: many passes a face
METHODS = (
    "gradcam",  # Selvaraju et al., ICCV 2017
    "gradcam++",  # Chattopadhay et al., WACV 2018
    "layercam",  # Jiang et al., TIP 2021
    "eigencam",  # Muhammad & Yeasin, IJCNN 2020
)
HEATMAPS = (EVIDENCE, OCCLUSION, *METHODS)
_MAPS = ("coolwarm", "inferno")
_LEVELS = np.arange(256)
_COOLWARM, _INFERNO = (np.rint(255 * colormaps[name](_LEVELS)[:, None, :3]).astype(np.uint8) for name in _MAPS)
_EVIDENCE_ALPHA = (1.2 * np.abs(_LEVELS / 255 - 0.5)).astype(np.float32)  # opacities of the levels
_MAP_ALPHA = (0.65 * _LEVELS / 255).astype(np.float32)


def evidence_palette() -> np.ndarray:
    """The colour and the opacity of evidence by its sigmoid, from 0 to 1, (256, 4) uint8 RGBA: what `evidence_overlay`
    blends."""
    opacities = np.rint(255 * _EVIDENCE_ALPHA)[:, None].astype(np.uint8)
    return np.concatenate([_COOLWARM[:, 0], opacities], axis=1)


def evidence_overlay(crop: np.ndarray, evidence: np.ndarray) -> np.ndarray:
    """Evidence (h, w) over its crop (S, S, 3) -> (S, S, 3) uint8; red speaks for fake, blue for real.

    The colour of a place is the sigmoid of its evidence: one absolute scale for all frames and variants. Where the
    evidence is weak the face shows through.
    """
    local = cv2.resize(evidence.astype(np.float32), crop.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    return _blend(crop, 1 / (1 + np.exp(np.clip(-local, -20, 20))), _COOLWARM, _EVIDENCE_ALPHA)


def map_overlay(crop: np.ndarray, heatmap: np.ndarray) -> np.ndarray:
    """A map (h, w) in [0, 1] over its crop (S, S, 3) -> (S, S, 3) uint8; brighter looked harder."""
    weights = cv2.resize(heatmap, crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return _blend(crop, np.clip(weights, 0, 1), _INFERNO, _MAP_ALPHA)


def _blend(crop: np.ndarray, values: np.ndarray, colours: np.ndarray, alphas: np.ndarray) -> np.ndarray:
    """Values (S, S) in [0, 1] over the crop; each level has its colour (256, 1, 3) and its opacity (256,)."""
    levels = np.rint(255 * values).astype(np.uint8)
    alpha = cv2.LUT(levels, alphas)
    return cv2.blendLinear(np.ascontiguousarray(crop), cv2.applyColorMap(levels, colours), 1 - alpha, alpha)
