"""Which part of a face is replaced: masks from landmarks."""

import cv2
import numpy as np

# Points of iBUG's scheme (and 68-78: the hairline) whose hull a forgery covers, and how far it may be stretched.
REGIONS: dict[str, tuple[tuple[int, ...], tuple[float, float]]] = {
    "face": (tuple(range(79)), (0.92, 1.06)),
    "brows_to_chin": (tuple(range(68)), (0.92, 1.06)),
    "core": (tuple(range(17, 68)), (0.95, 1.2)),
    "features": ((*range(27, 48), *range(48, 60)), (0.95, 1.2)),
    "lower": ((*range(2, 15), *range(31, 36)), (0.9, 1.05)),
    "mouth": (tuple(range(48, 60)), (1.15, 1.9)),
    "eyes": ((*range(17, 27), *range(36, 48)), (1.0, 1.25)),
    "nose": (tuple(range(27, 36)), (1.05, 1.4)),
    "square": (tuple(range(17, 68)), (1.0, 1.3)),  # the plain paste of early deepfakes
}
EVERY_REGION = {"face": 0.2, "brows_to_chin": 0.25, "core": 0.15, "features": 0.1, "lower": 0.1, "mouth": 0.08,
                "eyes": 0.05, "nose": 0.03, "square": 0.04}  # fmt: skip
SWAPPED = {"face": 0.3, "brows_to_chin": 0.45, "core": 0.2, "square": 0.05}
SPOKEN = {"lower": 0.5, "mouth": 0.5}
BEND = 0.035  # of the crop's side, spread of the elastic bend


def drawn_region(landmarks: np.ndarray, side: int, rng: np.random.Generator, shares: dict[str, float]) -> np.ndarray:
    """A part of the face drawn by its share, (S, S) uint8 of 0 and 1: a hull of landmarks (79, 2), stretched and bent.

    Li et al., "Face X-ray", CVPR 2020, section 3.1 (hull, elastic bend).
    """
    name = str(rng.choice(list(shares), p=list(shares.values())))
    indices, (least, most) = REGIONS[name]
    points = landmarks[list(indices)].astype(np.float32)
    centre = points.mean(0)
    points = (points - centre) * rng.uniform(least, most, 2).astype(np.float32) + centre
    if name == "square":
        (x0, y0), (x1, y1) = points.min(0), points.max(0)
        points = np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)
    hull = cv2.convexHull(points)
    inside = cv2.fillConvexPoly(np.zeros((side, side), np.uint8), np.rint(hull * 16).astype(np.int32), 1, shift=4)
    return bent(inside, rng)


def bent(inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The mask (S, S) uint8 under a smooth random displacement of up to a few hundredths of its side."""
    side = inside.shape[0]
    coarse = rng.normal(0, rng.uniform(0, BEND) * side, (2, 4, 4)).astype(np.float32)
    across, down = (cv2.resize(field, (side, side), interpolation=cv2.INTER_CUBIC) for field in coarse)
    grid = np.arange(side, dtype=np.float32)
    return cv2.remap(inside, across + grid[None], down + grid[:, None], cv2.INTER_NEAREST)


def softened(inside: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(S, S) uint8 of 0 and 1 -> (S, S) float32 with a soft edge, half the time inside of the outline alone."""
    side = inside.shape[0]
    sigma = side * 0.004 * 12 ** rng.random()  # 0.6 to 8 px of 160
    if rng.random() < 0.5:
        size = 2 * int(sigma) + 1
        inside = cv2.erode(inside, np.ones((size, size), np.uint8))
    return cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
