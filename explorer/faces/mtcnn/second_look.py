"""The last network's opinion of a face seen from several sides."""

from collections.abc import Sequence

import cv2
import numpy as np

from explorer.faces.boxes import longer_squares, transform_boxes
from explorer.faces.crops import cut_square
from explorer.faces.mtcnn.cascade import INPUT_SIDES, centred
from explorer.faces.mtcnn.networks import networks

GROWN = 1.5  # times the face's square that a context shows
CONTEXT_SIDE = 96  # pixels
View = tuple[bool, float, float]  # mirrored, moved to the right by how much of the square's side, turned by degrees
# A network that answers by chance answers differently each time; benchmarks/support.py compares these with other sets.
VIEWS: tuple[View, ...] = ((True, 0.0, 0.0), (False, -0.15, 0.0), (False, 0.0, 20.0), (False, 0.0, -20.0))
MIRRORED = (1, 0, 2, 4, 3)  # landmarks: eyes, nose, corners of the mouth
NEAREST = 1e-4  # confidences nearer to 0 or 1 count as this near
SPREAD_WEIGHT = 80.0  # log-odds that landmarks cost which spread by a side of the square


def context(image: np.ndarray, box: np.ndarray) -> np.ndarray:
    """A face with what is around it, (CONTEXT_SIDE, CONTEXT_SIDE, 3) uint8: `box` (4,) is xyxy in the frame."""
    grown = transform_boxes(longer_squares(box[None]), GROWN, (0, 0))
    return cut_square(image, longer_squares(grown)[0], CONTEXT_SIDE)


def log_odds(contexts: Sequence[np.ndarray]) -> np.ndarray:
    """How surely N contexts show faces, (N,): above 0 more likely than not.

    The mean of the log-odds that the network gives the VIEWS, less by how far the landmarks lie apart that it places
    in them: those of a face stay where they are, however it is looked at.
    """
    if not len(contexts):
        return np.empty(0)
    matrices = [_matrix(*view) for view in VIEWS]
    seen = np.stack([cv2.warpAffine(shown, matrix, INPUT_SIDES[1:] * 2) for shown in contexts for matrix in matrices])
    _, landmarks, confidences = networks().onet(centred(seen.transpose(0, 3, 1, 2).astype(np.float32)))
    confident = np.clip(confidences[:, 1].astype(float), NEAREST, 1 - NEAREST).reshape(len(contexts), len(VIEWS))
    points = landmarks.reshape(len(contexts), len(VIEWS), 2, 5).swapaxes(2, 3) * INPUT_SIDES[1]  # (N, V, 5, xy)
    moved = np.stack([_back(points[:, i], *pair) for i, pair in enumerate(zip(VIEWS, matrices, strict=True))], axis=1)
    apart = np.linalg.norm(moved - np.median(moved, axis=1, keepdims=True), axis=3).mean((1, 2))
    return np.log(confident / (1 - confident)).mean(1) - SPREAD_WEIGHT * apart * GROWN / CONTEXT_SIDE


def _matrix(mirrored: bool, shift: float, degrees: float) -> np.ndarray:
    """From pixels of a context to those of a view, (2, 3) float32."""
    side = CONTEXT_SIDE / GROWN
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = np.array([[cosine, sine], [-sine, cosine]]) * INPUT_SIDES[1] / side
    turned[0] *= -1 if mirrored else 1
    centre = np.array([CONTEXT_SIDE / 2 + shift * side, CONTEXT_SIDE / 2])
    return np.column_stack([turned, INPUT_SIDES[1] / 2 - turned @ centre]).astype(np.float32)


def _back(points: np.ndarray, view: View, matrix: np.ndarray) -> np.ndarray:
    """Landmarks (N, 5, 2) of a view in pixels of the context."""
    points = points[:, MIRRORED] if view[0] else points
    return (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
