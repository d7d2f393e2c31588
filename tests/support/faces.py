"""A drawn face with its 79 landmarks, for tests of forging."""

import cv2
import numpy as np

from train.dataset.crop_set import Crop, encoded
from train.dataset.landmarks import POINTS


def landmarks(side: int = 64) -> np.ndarray:
    """The 79 points (79, 2) float32 of an upright face that fills a crop: jaw, brows, nose, eyes, mouth, hairline."""
    jaw = _arc((0.5, 0.4), 0.42, 0.52, np.pi, 0, 17)
    brows = np.vstack([_line((0.2, 0.24), (0.42, 0.22), 5), _line((0.58, 0.22), (0.8, 0.24), 5)])
    nose = np.vstack([_line((0.5, 0.32), (0.5, 0.52), 4), _line((0.42, 0.56), (0.58, 0.56), 5)])
    eyes = np.vstack([_ring((0.31, 0.3), 0.08, 0.03, 6), _ring((0.69, 0.3), 0.08, 0.03, 6)])
    mouth = np.vstack([_ring((0.5, 0.72), 0.18, 0.07, 12), _ring((0.5, 0.72), 0.12, 0.03, 8)])
    hairline = -_arc((-0.5, -0.3), 0.4, 0.22, np.pi, 0, 11)[:, ::1]
    points = np.vstack([jaw, brows, nose, eyes, mouth, hairline])
    assert len(points) == POINTS
    return (points * side).astype(np.float32)


def picture(seed: int, side: int = 64) -> np.ndarray:
    """A textured face (S, S, 3) uint8: skin of a drawn colour with eyes, nose and mouth, grain on top."""
    rng = np.random.default_rng(seed)
    points = np.rint(landmarks(side)).astype(np.int32)
    image = np.full((side, side, 3), rng.integers(60, 110, 3), np.uint8)
    cv2.fillConvexPoly(image, cv2.convexHull(points), rng.integers(130, 190, 3).tolist())
    for first, last in ((36, 42), (42, 48), (48, 60)):
        cv2.fillConvexPoly(image, cv2.convexHull(points[first:last]), rng.integers(20, 90, 3).tolist())
    return np.clip(image + rng.normal(0, 6, image.shape), 0, 255).astype(np.uint8)


def face_crop(name: str, label: int, source: str, pair: str, seed: int, family: str = "", side: int = 64) -> Crop:
    """A crop as a training set holds it; a real one has landmarks."""
    points = None if label else landmarks(side)
    return Crop(f"{name}#0", label, family or ("swap" if label else "real"), source, pair, points,
                encoded(picture(seed, side)))  # fmt: skip


def _line(start, end, count: int) -> np.ndarray:
    return np.linspace(start, end, count)


def _ring(centre, across: float, down: float, count: int) -> np.ndarray:
    return _arc(centre, across, down, np.pi, -np.pi, count + 1)[:-1]


def _arc(centre, across: float, down: float, start: float, end: float, count: int) -> np.ndarray:
    angles = np.linspace(start, end, count)
    return np.array(centre) + np.column_stack([across * np.cos(angles), down * np.sin(angles)])
