"""Pure geometry on boxes, (N, 4) float32 xyxy in pixels of the frame."""

import numpy as np
from numpy.typing import ArrayLike

# Where the face box found by MTCNN lies in the training crops (measured on ../shared/data, see DESIGN.md):
# the crop's side is 1.10 box widths and the box's height over 1.20; the box's centre sits 49 % across and 42 % down.
SIDE_PER_WIDTH = 1.10
SIDE_PER_HEIGHT = 1 / 1.20
CENTRE_ACROSS = 0.49
CENTRE_DOWN = 0.42


def crop_squares(boxes: np.ndarray) -> np.ndarray:
    """Face boxes (N, 4) -> the square crops of training (N, 4), in the same pixels; they may leave the frame."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    side = np.sqrt(SIDE_PER_WIDTH * width * SIDE_PER_HEIGHT * height)  # the geometric mean of both estimates
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    corner = centre - side[:, None] * np.array([CENTRE_ACROSS, CENTRE_DOWN], np.float32)
    return np.concatenate([corner, corner + side[:, None]], axis=1)


def transform_boxes(boxes: np.ndarray, scale: ArrayLike, shift: ArrayLike) -> np.ndarray:
    """Boxes (N, 4) grown by `scale` about their centre, after moving it by `shift`, in box widths and heights."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    size = boxes[:, 2:] - boxes[:, :2]
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2 + size * np.asarray(shift, np.float32)
    half = size * np.asarray(scale, np.float32) / 2
    return np.concatenate([centre - half, centre + half], axis=1)


def relative_transform(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """What `transform_boxes` takes boxes (N, 4) to others (N, 4) by: (N, 4) of width, height, shift right and down."""
    boxes, others = (np.asarray(each, np.float32).reshape(-1, 4) for each in (boxes, others))
    size = boxes[:, 2:] - boxes[:, :2]
    moved = (others[:, :2] + others[:, 2:] - boxes[:, :2] - boxes[:, 2:]) / 2
    return np.concatenate([(others[:, 2:] - others[:, :2]) / size, moved / size], axis=1)


def longer_squares(boxes: np.ndarray) -> np.ndarray:
    """Squares (N, 4) int about the boxes' centres, of their longer side, as MTCNN's cascade cuts its candidates."""
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.rint(np.concatenate([centre - half, centre + half], axis=1)).astype(int)


def areas(boxes: np.ndarray) -> np.ndarray:
    """Areas (N,) in square pixels; an inverted box has area 0."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    return np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)


def largest_first(boxes: np.ndarray) -> np.ndarray:
    """The boxes (N, 4) in the order of their areas."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    return boxes[np.argsort(-areas(boxes), kind="stable")]


def iou(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes taken pairwise: (N, 4), (N, 4) -> (N,) in [0, 1]."""
    first, second = (np.asarray(boxes, np.float32).reshape(-1, 4) for boxes in (first, second))
    shared = np.concatenate([np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])], axis=1)
    intersection = areas(shared)
    union = areas(first) + areas(second) - intersection
    return np.divide(intersection, union, out=np.zeros_like(union), where=union > 0)
