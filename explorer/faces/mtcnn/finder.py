"""Faces by facenet-pytorch's MTCNN (Zhang et al., IEEE SPL 2016), in every frame anew."""

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np

from explorer.faces.boxes import largest_first
from explorer.faces.mtcnn.cascade import detect
from explorer.faces.mtcnn.networks import networks
from explorer.faces.working_size import MIN_FACE_SIDE, scaled

MIN_CONFIDENCE = 0.9  # in a face beside the surest one of its frame, and in one that is followed


def mtcnn_unscaled(images: Sequence[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The whole cascade on images of one size, as they are.

    Gives each one's faces as boxes (N, 4), in no order, and the last network's confidences (N,) in [0, 1].
    """
    return detect(np.stack(images), networks(), MIN_FACE_SIDE)


def mtcnn_scored(images: Sequence[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
    """The whole cascade on frames at working size, those of one size batched; boxes in pixels of the frames."""
    scaled_images = [scaled(image) for image in images]
    same_sizes = [list(group) for _, group in groupby((image for image, _ in scaled_images), key=np.shape)]
    detections = [detection for group in same_sizes for detection in mtcnn_unscaled(group)]
    factors = [np.float32(factor) for _, factor in scaled_images]
    return [(boxes * factor, scores) for (boxes, scores), factor in zip(detections, factors, strict=True)]


def mtcnn(images: Sequence[np.ndarray]) -> list[np.ndarray]:
    """MTCNN on every frame: the surest face of each, and those it is sure of."""
    return [surest(*detection) for detection in mtcnn_scored(images)]


def mtcnn_everywhere() -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
    """MTCNN on every frame, its networks loaded."""
    networks()
    return mtcnn


def surest(boxes: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Of a frame's boxes (N, 4) the one with the best score, and those that are sure enough; the largest first."""
    return largest_first(boxes[scores >= min(MIN_CONFIDENCE, scores.max(initial=0))])
