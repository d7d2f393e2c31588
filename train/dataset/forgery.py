"""Deepfakes forged on the fly from real faces with exact landmarks: blends, swaps, spoken mouths, generators' twins."""

from dataclasses import dataclass

import cv2
import numpy as np

from train.dataset.forge import (
    PEAKS,
    VISIBLE,
    alignment,
    blend,
    change,
    match_colours,
    match_light,
    render,
    self_blended,
)
from train.dataset.generators import as_sharp
from train.dataset.regions import EVERY_REGION, SPOKEN, SWAPPED, drawn_region, softened

RESOLUTION = (60 / 224, 210 / 224)  # share of the crop's side at which a swapped face is rendered


@dataclass(frozen=True)
class FacePicture:
    """A real face: `image` (S, S, 3) uint8, `landmarks` (79, 2) in its pixels, and its `twin` from a generator."""

    image: np.ndarray
    landmarks: np.ndarray
    twin: np.ndarray | None = None


def self_blend(face: FacePicture, rng: np.random.Generator) -> np.ndarray:
    """The face (S, S, 3) uint8 blended with a changed copy of itself, in regions that follow its landmarks."""
    return self_blended(face.image, lambda: _mask(face, rng, EVERY_REGION) * float(rng.choice(PEAKS)), rng)


def swap(face: FacePicture, donor: FacePicture, rng: np.random.Generator) -> np.ndarray:
    """The face (S, S, 3) uint8 wearing the donor's at a generator's resolution, in its own colours and light."""
    side = face.image.shape[0]
    image = donor.twin if donor.twin is not None and rng.random() < 0.5 else donor.image
    matrix = alignment(donor.landmarks, face.landmarks, affine=rng.random() < 0.85)
    worn = render(image, matrix, round(side * rng.uniform(*RESOLUTION)))
    covered = cv2.warpAffine(np.ones(image.shape[:2], np.uint8), matrix, (side, side), flags=cv2.INTER_NEAREST)
    mask = softened(drawn_region(face.landmarks, side, rng, SWAPPED) * covered, rng) * float(rng.uniform(0.85, 1))
    worn = match_colours(worn, face.image, mask, rng.uniform(0.5, 1))
    if rng.random() < 0.5:  # or the softer of two faces would be the fake
        worn = as_sharp(worn, face.image)
    swapped = blend(face.image, match_light(worn, face.image, rng.uniform(0.2, 0.8)), mask)
    return swapped if change(face.image, swapped, mask) >= VISIBLE else self_blend(face, rng)


def speak(face: FacePicture, donor: FacePicture, rng: np.random.Generator) -> np.ndarray:
    """The face (S, S, 3) uint8 with another mouth: its own reshaped, its twin's, or the donor's: lip-sync."""
    side = face.image.shape[0]
    mask = _mask(face, rng, SPOKEN) * float(rng.uniform(0.85, 1))
    if rng.random() < 0.4:
        mouth = render(donor.image, alignment(donor.landmarks[48:68], face.landmarks[48:68], affine=False),
                       round(side * rng.uniform(*RESOLUTION)))  # fmt: skip
        mouth = match_colours(mouth, face.image, mask, rng.uniform(0.7, 1))
    else:
        own = face.twin if face.twin is not None and rng.random() < 0.6 else face.image
        mouth = render(reshaped(own, face.landmarks, rng), np.eye(2, 3), round(side * rng.uniform(*RESOLUTION)))
    spoken = blend(face.image, mouth, mask)
    return spoken if change(face.image, spoken, mask) >= VISIBLE else self_blend(face, rng)


def generate(face: FacePicture, rng: np.random.Generator) -> np.ndarray:
    """The face (S, S, 3) uint8 as a generator's decoder makes it, whole or inside a mask; a blend without a twin."""
    if face.twin is None:
        return self_blend(face, rng)
    twin = as_sharp(face.twin, face.image) if rng.random() < 0.6 else face.twin
    if rng.random() < 0.2:
        twin = reshaped(twin, face.landmarks, rng)
    if rng.random() < 0.55:
        return twin
    return blend(face.image, twin, _mask(face, rng, EVERY_REGION))


def reshaped(image: np.ndarray, landmarks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image (S, S, 3) uint8 with the mouth's surroundings pulled by a few pixels, fading with the distance."""
    side = image.shape[0]
    mouth = landmarks[48:60]
    centre, reach = mouth.mean(0), max(float(np.ptp(mouth[:, 0])), 8.0) * rng.uniform(0.5, 0.9)
    grid = np.arange(side, dtype=np.float32)
    down, across = np.meshgrid(grid, grid, indexing="ij")
    weight = np.exp(-((across - centre[0]) ** 2 + (down - centre[1]) ** 2) / (2 * reach**2)).astype(np.float32)
    pull = rng.uniform(-0.035, 0.035, 2).astype(np.float32) * side
    widen = np.float32(rng.uniform(-0.12, 0.12))
    x = across + weight * (pull[0] + widen * (across - np.float32(centre[0])))
    y = down + weight * (pull[1] - widen * (down - np.float32(centre[1])))
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _mask(face: FacePicture, rng: np.random.Generator, shares: dict[str, float]) -> np.ndarray:
    return softened(drawn_region(face.landmarks, face.image.shape[0], rng, shares), rng)
