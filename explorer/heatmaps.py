"""Class activation maps laid over faces: where a detector looked."""

import cv2
import numpy as np
from matplotlib import colormaps

from explorer.scores import probabilities

EVIDENCE = "evidence"  # the graph's own second output: exact, signed, and as good as free in any engine
METHODS = (
    "gradcam",  # Selvaraju et al., ICCV 2017
    "gradcam++",  # Chattopadhay et al., WACV 2018
    "layercam",  # Jiang et al., TIP 2021
    "eigencam",  # Muhammad & Yeasin, IJCNN 2020
)
LAYERS = ("pooled", "blocks.6", "blocks.5", "blocks.4", "blocks.3", "blocks.2")
_COOLWARM, _INFERNO = (np.float32(colormaps[name](np.arange(256))[:, :3] * 255) for name in ("coolwarm", "inferno"))


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
