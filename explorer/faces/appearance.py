"""How alike two faces of a clip look, where they are and in what picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from explorer.faces.boxes import iou
from explorer.structures import SampledFrame

FACE_SIDE, SCENE_SIDE = 4, 16  # pixels of the thumbnails: coarser ones forgive turned heads and shifted crops
SAME_SCENE = 8.0  # of CIE L*a*b*: pictures that differ by so much, in the root mean square, are likely other shots
STEADY = 0.6  # of the difference in looks is forgiven where the box of the same shot has not moved
STEP = 1.0  # of CIE L*a*b* that a move by a face's width counts for
FARTHEST = 3.0  # widths, the farthest move that still counts for more


@dataclass(frozen=True)
class Looks:
    """N faces: thumbnails (N, D) and those of their frames (N, E) in CIE L*a*b*, boxes (N, 4) in frame pixels."""

    faces: np.ndarray
    scenes: np.ndarray
    boxes: np.ndarray

    def only(self, kept: np.ndarray | slice) -> "Looks":
        """Those with these indices."""
        return Looks(self.faces[kept], self.scenes[kept], self.boxes[kept])


def looks_of(frames: Sequence[SampledFrame]) -> Looks:
    """Of all faces, frame by frame."""
    faces = [face for frame in frames for face in frame.faces]
    return Looks(
        np.array([_thumbnail(face.crop, FACE_SIDE) for face in faces], np.float32),
        np.array([frame.scene for frame in frames for _ in frame.faces], np.float32),
        np.array([face.box for face in faces], np.float32),
    )


def scene_of(image: np.ndarray) -> np.ndarray:
    """A frame (H, W, 3) uint8 small enough to be kept: (E,) float32 in CIE L*a*b*."""
    step = max(min(image.shape[:2]) // (4 * SCENE_SIDE), 1)
    return _thumbnail(np.ascontiguousarray(image[::step, ::step]), SCENE_SIDE)


def differences(first: Looks, second: Looks) -> np.ndarray:
    """How different N faces are from M others, (N, M) in units of CIE L*a*b*: 0 is the same face in the same place.

    The root mean square of the thumbnails' difference; less where the box stayed and the shot seems the same, and more
    the farther the face moved.
    """
    looks = _root_mean_square(first.faces, second.faces)
    shots = np.exp(-((_root_mean_square(first.scenes, second.scenes) / SAME_SCENE) ** 2))
    count, others = looks.shape
    overlaps = iou(np.repeat(first.boxes, others, axis=0), np.tile(second.boxes, (count, 1))).reshape(count, others)
    (centres, widths), (other_centres, other_widths) = _places(first.boxes), _places(second.boxes)
    moves = np.linalg.norm(centres[:, None] - other_centres, axis=2) / ((widths[:, None] + other_widths) / 2)
    return looks * (1 - STEADY * overlaps * shots) + STEP * np.minimum(moves, FARTHEST)


def _thumbnail(image: np.ndarray, side: int) -> np.ndarray:
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.cvtColor(small, cv2.COLOR_RGB2LAB).reshape(-1)


def _root_mean_square(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Of all differences: (N, D), (M, D) -> (N, M)."""
    squares = (first**2).sum(1)[:, None] + (second**2).sum(1) - 2 * first @ second.T
    return np.sqrt(np.maximum(squares, 0) / first.shape[1])


def _places(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres (N, 2) and widths (N,)."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2, np.maximum(boxes[:, 2] - boxes[:, 0], 1)
