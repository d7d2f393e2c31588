"""MTCNN's cascade of three networks (Zhang et al., IEEE SPL 2016), on whatever runs the networks.

The same thresholds and, but for candidates at the very edge of a frame, the same boxes as facenet-pytorch's
detect_face, which needs torch and sees the levels of the pyramid one after another.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from explorer.faces.mtcnn.integral import IntegralImages
from explorer.faces.mtcnn.pyramid import CELL, STRIDE, pyramid

INPUT_SIDES = (24, 48)  # pixels, what the second and the third network take
STAGE_CONFIDENCES = (0.6, 0.7, 0.7)  # confidence that each network asks for
NMS_OVERLAP = 0.7  # overlap of two candidates for one face
LEVEL_NMS_OVERLAP = 0.5  # where both are of one level

# Images (N, 3, H, W) float32 in [-1, 1] -> the outputs of one of MTCNN's networks, in facenet-pytorch's order
Network = Callable[[np.ndarray], list[np.ndarray]]


@dataclass(frozen=True)
class Networks:
    """MTCNN's: the first proposes faces, the second refines the proposals, the third decides."""

    pnet: Network
    rnet: Network
    onet: Network


def centred(levels: np.ndarray) -> np.ndarray:
    """Grey levels in [0, 255] as the networks take them."""
    return (levels - np.float32(127.5)) * np.float32(1 / 128)


def detect(frames: np.ndarray, networks: Networks, smallest: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The faces of at least `smallest` pixels in frames (B, H, W, 3) uint8.

    Gives each frame's boxes (N, 4) float32 xyxy in pixels, in no order, and confidences (N,) in [0, 1].
    """
    images = IntegralImages(frames)
    candidates = _proposed(images, networks.pnet, smallest)
    stages = zip((networks.rnet, networks.onet), INPUT_SIDES, STAGE_CONFIDENCES[1:], strict=True)
    for network, side, min_confidence in stages:
        candidates = _judged(images, candidates.as_squares(), network, side, min_confidence)
        candidates = candidates.nms() if side == INPUT_SIDES[0] else candidates
        candidates = candidates.regressed()
    faces = candidates.without_parts()
    return [(faces.boxes[faces.owners == i], faces.scores[faces.owners == i]) for i in range(len(frames))]


@dataclass(frozen=True)
class Candidates:
    """Boxes (N, 4) float32, the frames that they lie in (N,), scores (N,) and offsets (N, 4) in box sizes."""

    boxes: np.ndarray
    owners: np.ndarray
    scores: np.ndarray
    offsets: np.ndarray

    def only(self, picked: np.ndarray) -> "Candidates":
        """Those picked, by index or by mask."""
        return Candidates(self.boxes[picked], self.owners[picked], self.scores[picked], self.offsets[picked])

    def nms(self, overlap: float = NMS_OVERLAP) -> "Candidates":
        """Non-maximum suppression: the best of those of a frame that overlap by more."""
        corners = self.boxes.astype(float)
        rectangles = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
        owners = self.owners.astype(np.int32)
        best = cv2.dnn.NMSBoxesBatched(rectangles, self.scores, owners, 0.0, overlap)  # type: ignore[arg-type]  # arrays do
        return self.only(np.asarray(best, int))

    def regressed(self, border: int = 1) -> "Candidates":
        """By their offsets; the last two networks were trained on boxes whose last pixel belongs to them."""
        sizes = self.boxes[:, 2:] - self.boxes[:, :2] + np.float32(border)
        return Candidates(self.boxes + self.offsets * np.tile(sizes, 2), self.owners, self.scores, self.offsets)

    def as_squares(self) -> "Candidates":
        """About their centres, with their longer sides."""
        sizes = self.boxes[:, 2:] - self.boxes[:, :2]
        longer = sizes.max(axis=1, keepdims=True, initial=0)
        corners = self.boxes[:, :2] + sizes * np.float32(0.5) - longer * np.float32(0.5)
        return Candidates(np.concatenate([corners, corners + longer], 1), self.owners, self.scores, self.offsets)

    def without_parts(self) -> "Candidates":
        """Without those that lie in a better one of the same frame, by over NMS_OVERLAP of the smaller one's area."""
        order, best_ones = np.argsort(-self.scores, kind="stable"), []
        corners, far = self.boxes[:, :2], self.boxes[:, 2:]
        areas = np.prod(far - corners + 1, axis=1)
        while len(order):
            best, order = order[0], order[1:]
            best_ones.append(best)
            sides = np.minimum(far[best], far[order]) - np.maximum(corners[best], corners[order]) + 1
            shared = np.prod(np.maximum(sides, 0), axis=1) / np.minimum(areas[best], areas[order])
            order = order[(shared <= NMS_OVERLAP) | (self.owners[order] != self.owners[best])]
        return self.only(np.array(best_ones, int))


def _proposed(images: IntegralImages, pnet: Network, smallest: int) -> Candidates:
    """What the first network finds on every level of the pyramid."""
    levels = pyramid(images.height, images.width, smallest)
    if not levels.levels:
        return Candidates(np.empty((0, 4), np.float32), np.empty(0, int), np.empty(0, np.float32), np.empty((0, 4)))
    offsets, scores = pnet(centred(levels.sheet(images)))
    by_level = [
        _of_level(level.cells(offsets), level.cells(scores), np.float32(level.scale)) for level in levels.levels
    ]
    parts = [(level.boxes, level.owners, level.scores, level.offsets) for level in by_level]
    return Candidates(*map(np.concatenate, zip(*parts, strict=True))).nms().regressed(border=0)


def _of_level(offsets: np.ndarray, scores: np.ndarray, scale: np.float32) -> Candidates:
    """The cells (B, 2, h, w) that may show a face, as squares of the frame; offsets are (B, 4, h, w)."""
    owners, down, across = np.nonzero(scores[:, 1] >= STAGE_CONFIDENCES[0])
    cells = np.stack([across, down], axis=1).astype(np.float32) * STRIDE
    boxes = np.concatenate([np.floor((cells + 1) / scale), np.floor((cells + CELL) / scale)], axis=1)
    candidates = Candidates(boxes, owners, scores[owners, 1, down, across], offsets[owners, :, down, across])
    return candidates.nms(LEVEL_NMS_OVERLAP)


def _judged(
    images: IntegralImages, candidates: Candidates, network: Network, side: int, min_confidence: float
) -> Candidates:
    """Those that the network is sure of, with its scores and offsets."""
    squares = candidates.boxes.astype(int)
    squares[:, :2] = np.maximum(squares[:, :2], 1) - 1
    squares[:, 2:] = np.minimum(squares[:, 2:], (images.width, images.height))
    inside = np.all(squares[:, 2:] > squares[:, :2], axis=1)
    candidates, squares = candidates.only(inside), squares[inside]
    if not len(squares):
        return candidates
    offsets, *_, scores = network(centred(images.cut(candidates.owners, squares, side)))
    judged = Candidates(candidates.boxes, candidates.owners, scores[:, 1], offsets)
    return judged.only(judged.scores > min_confidence)
