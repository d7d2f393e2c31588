"""Deepfakes forged on the fly from real face crops alone."""

from collections.abc import Callable

import cv2
import numpy as np

# Landmarks (5, 2): left eye, right eye, nose, mouth left, mouth right (image left first); the median of 224 px crops.
MEDIAN_LANDMARKS = np.array([(66, 66), (160, 65), (112, 120), (70, 161), (158, 161)], np.float32)
MEDIAN_SIDE = 224

# Right halves of the regions that manipulations replace, as (distance from the midline, height) in the median crop.
OUTLINES = {
    "face": [(0, 14), (46, 18), (78, 36), (94, 66), (93, 106), (85, 146), (68, 184), (38, 212), (0, 223)],
    "square": [(0, 28), (66, 28), (84, 40), (84, 192), (66, 208), (0, 208)],  # the plain paste of early deepfakes
    "inner": [(0, 36), (42, 32), (70, 46), (76, 74), (70, 112), (64, 152), (46, 182), (0, 194)],
    "features": [(0, 46), (48, 40), (74, 58), (64, 86), (36, 112), (52, 148), (48, 176), (0, 184)],
    "lower": [(0, 108), (40, 116), (76, 126), (82, 152), (68, 186), (38, 212), (0, 223)],  # Face2Face, NeuralTextures
    "mouth": [(0, 128), (38, 132), (64, 150), (60, 180), (32, 196), (0, 200)],
}
EVERY_REGION = {"face": 0.3, "square": 0.1, "inner": 0.25, "features": 0.1, "lower": 0.15, "mouth": 0.1}
SWAPPED_REGIONS = {"face": 0.5, "square": 0.1, "inner": 0.4}
PEAKS = (1, 1, 1, 0.75, 0.5, 0.25)  # opacities of a self-blend's mask, as its authors draw them
VISIBLE = 2.0  # grey levels; a smaller change inside the mask would teach noise


def forge(
    image: np.ndarray, landmarks: np.ndarray, donor: np.ndarray, donor_landmarks: np.ndarray, rng: np.random.Generator,
    swaps: float = 1 / 3,
) -> np.ndarray:  # fmt: skip
    """A forgery (S, S, 3) uint8 of a real face: by `swaps` of the draws with the donor's face, else with its own."""
    swapping = rng.random() < swaps
    return swap(image, landmarks, donor, donor_landmarks, rng) if swapping else self_blend(image, landmarks, rng)


def self_blend(image: np.ndarray, landmarks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The face (S, S, 3) uint8 blended with a changed, slightly moved copy of itself."""
    return self_blended(image, lambda: face_mask(landmarks, image.shape[0], rng), rng)


def self_blended(image: np.ndarray, draw_mask: Callable[[], np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """The image (S, S, 3) uint8 blended with a visibly changed, slightly moved copy of itself, under masks (S, S).

    Shiohara & Yamasaki, "Detecting Deepfakes with Self-Blended Images", CVPR 2022, section 3.
    """
    for _ in range(4):
        mask = draw_mask()
        changed = restyle(image, rng)
        if change(image, blend(image, changed, mask), mask) >= VISIBLE:
            break
    else:
        shift = np.full(3, 1.5 * VISIBLE / max(mask.max(), min(PEAKS)))
        changed = cv2.transform(image, np.column_stack([np.eye(3), shift if image.mean() < 128 else -shift]))
    source, background = (changed, image) if rng.random() < 0.5 else (image, changed)
    return blend(background, nudge(source, rng), mask)


def swap(
    target: np.ndarray, target_landmarks: np.ndarray, donor: np.ndarray, donor_landmarks: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """The target (S, S, 3) uint8 wearing the donor's face at a generator's resolution, in the target's colours.

    A donor that cannot be told from the target, or that covers none of its face, leaves a self-blend instead.
    """
    side = target.shape[0]
    if turn(donor_landmarks) * turn(target_landmarks) < 0:  # both had better look the same way
        donor, donor_landmarks = mirror(donor, donor_landmarks)
    matrix = alignment(donor_landmarks, target_landmarks, affine=rng.random() < 0.8)
    face = render(donor, matrix, round(side * rng.uniform(64, 160) / MEDIAN_SIDE))
    covered = cv2.warpAffine(np.ones(donor.shape[:2], np.uint8), matrix, (side, side), flags=cv2.INTER_NEAREST)
    mask = soften(region(target_landmarks, side, rng, SWAPPED_REGIONS) * covered, rng, 8) * float(rng.uniform(0.85, 1))
    face = match_colours(face, target, mask, rng.uniform(0.5, 1))
    swapped = blend(target, match_light(face, target, rng.uniform(0.2, 0.8)), mask)
    return swapped if change(target, swapped, mask) >= VISIBLE else self_blend(target, target_landmarks, rng)


def face_mask(landmarks: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """How much of each pixel is replaced, (S, S) float32 in [0, 1]: a deformed part of the face with a soft edge."""
    return soften(region(landmarks, side, rng, EVERY_REGION), rng) * float(rng.choice(PEAKS))


def region(landmarks: np.ndarray, side: int, rng: np.random.Generator, shares: dict[str, float]) -> np.ndarray:
    """A part of the face drawn by its share, (S, S) uint8 of 0 and 1, its outline stretched, moved and bent."""
    half = np.array(OUTLINES[rng.choice(list(shares), p=list(shares.values()))], np.float32)
    points = np.array((MEDIAN_SIDE / 2, 0)) + np.concatenate([half, half[-2:0:-1] * (-1, 1)])
    for _ in range(2):  # Chaikin's corner cutting
        after = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * after, 0.25 * points + 0.75 * after], 1).reshape(-1, 2)
    centre = points.mean(0)
    stretch = np.diag(rng.uniform(0.88, 1.1, 2)) + rng.uniform(-0.06, 0.06, (2, 2))
    points = (points - centre) @ stretch + centre + rng.uniform(-5, 5, 2)
    order = np.arange(1, 6)
    phase = np.linspace(0, 2 * np.pi, len(points), endpoint=False)[:, None] * order
    waves = rng.normal(0, 4, (2, 5, 2)) / order[:, None]  # an elastic bend, coarse to fine
    points += np.cos(phase) @ waves[0] + np.sin(phase) @ waves[1]
    matrix = alignment(MEDIAN_LANDMARKS, landmarks)
    corners = np.rint((points @ matrix[:, :2].T + matrix[:, 2]) * 16).astype(np.int32)
    return cv2.fillPoly(np.zeros((side, side), np.uint8), [corners], 1, shift=4)


def soften(inside: np.ndarray, rng: np.random.Generator, narrowest: float = 2) -> np.ndarray:
    """(S, S) uint8 of 0 and 1 -> (S, S) float32 that climbs to 1 inwards, over `narrowest` to 48 px of 224."""
    depth = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    width = narrowest * (48 / narrowest) ** rng.random() * inside.shape[0] / MEDIAN_SIDE
    height = np.minimum(depth / float(max(min(width, 0.9 * depth.max()), 2)), 1)
    return height * height * (3 - 2 * height)


def alignment(start: np.ndarray, end: np.ndarray, affine: bool = True) -> np.ndarray:
    """Least-squares map (2, 3) of points (N, 2) onto (N, 2): affine unless that squeezes much, else a similarity."""
    start, end = np.asarray(start, np.float64), np.asarray(end, np.float64)
    if affine:
        matrix = np.linalg.lstsq(np.column_stack([start, np.ones(len(start))]), end, rcond=None)[0].T
        largest, smallest = np.linalg.svd(matrix[:, :2], compute_uv=False)
        if largest < 2 * smallest and np.linalg.det(matrix[:, :2]) > 0:
            return matrix
    source, goal = ((points - points.mean(0)) @ (1, 1j) for points in (start, end))  # a similarity is a complex factor
    factor = np.vdot(source, goal) / np.vdot(source, source)
    turned = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([turned, end.mean(0) - turned @ start.mean(0)])


def turn(landmarks: np.ndarray) -> float:
    """How far to the right a face looks: pixels from the middle of eyes and mouth to the nose."""
    return float(landmarks[2, 0] - landmarks[[0, 1, 3, 4], 0].mean())


def mirror(image: np.ndarray, landmarks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The crop (S, S, 3) and its landmarks (5, 2) as seen in a mirror."""
    flipped = np.asarray(landmarks, np.float32)[[1, 0, 2, 4, 3]] * (-1, 1) + (image.shape[1] - 1, 0)
    return cv2.flip(image, 1), flipped.astype(np.float32)


def render(donor: np.ndarray, matrix: np.ndarray, resolution: int) -> np.ndarray:
    """The donor (S, S, 3) mapped by `matrix` (2, 3), made at `resolution` pixels and scaled up again."""
    scale, linear = resolution / donor.shape[0], matrix[:, :2]
    small = cv2.resize(donor, (resolution, resolution), interpolation=cv2.INTER_AREA)
    shift = scale * matrix[:, 2] + 0.5 * (1 - scale) * (linear.sum(1) - 1)  # pixel centres lie at halves
    face = cv2.warpAffine(small, np.column_stack([linear, shift]), small.shape[:2], borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(face, donor.shape[:2], interpolation=cv2.INTER_CUBIC)


def match_colours(face: np.ndarray, target: np.ndarray, mask: np.ndarray, strength: float) -> np.ndarray:
    """The face (S, S, 3) uint8, its colours' mean and spread in the mask nearer the target's: Reinhard et al., 2001."""
    core = _core(mask)
    (mean, spread), (goal, goal_spread) = (np.hstack(cv2.meanStdDev(image, mask=core)).T for image in (face, target))
    gain = 1 + strength * (np.clip(goal_spread / np.maximum(spread, 1), 0.3, 1.6) - 1)
    return cv2.transform(face, np.column_stack([np.diag(gain), mean + strength * (goal - mean) - gain * mean]))


def match_light(face: np.ndarray, target: np.ndarray, strength: float) -> np.ndarray:
    """The face (S, S, 3) uint8 with its coarsest shading brought towards the target's, as a trained generator would."""
    coarse, goal = (cv2.resize(image, (5, 5), interpolation=cv2.INTER_AREA) for image in (face, target))
    shading = cv2.resize(strength * (goal.astype(np.float32) - coarse), face.shape[:2], interpolation=cv2.INTER_CUBIC)
    return cv2.add(face, shading, dtype=cv2.CV_8U)


def restyle(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image (S, S, 3) uint8 with other colour statistics, other sharpness, or both."""
    colour, quality = rng.random(2) < (0.8, 0.75)
    if colour or not quality:
        image = recolour(image, rng)
    return degrade(image, rng) if quality else image


def recolour(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hue, saturation, contrast, brightness and each channel shifted in one affine map, less so in a dark image."""
    hue, _ = cv2.Rodrigues(np.full(3, np.deg2rad(rng.uniform(-5, 5)) / np.sqrt(3)))  # turns about the grey axis
    saturation, contrast = rng.uniform(0.75, 1.15), rng.uniform(0.85, 1.15)
    grey = np.array([0.299, 0.587, 0.114])
    matrix = contrast * hue @ (saturation * np.eye(3) + (1 - saturation) * grey)
    shift = image.mean() * (rng.uniform(-0.14, 0.14) + rng.uniform(-0.08, 0.08, 3) + 1 - contrast)
    return cv2.transform(image, np.column_stack([matrix, shift]))


def degrade(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One loss of quality: shrunk and grown back, blurred, compressed as JPEG, or sharpened."""
    side = image.shape[0]
    kind = rng.choice(["shrink", "blur", "compress", "sharpen"])
    if kind == "shrink":
        small = round(side * rng.uniform(0.2, 0.6))
        shrunk = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        return cv2.resize(shrunk, (side, side), interpolation=int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC])))
    if kind == "compress":
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(20, 70))]
        encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), quality)[1]
        return cv2.cvtColor(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB)
    soft = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.8, 2.5) * side / MEDIAN_SIDE)
    return soft if kind == "blur" else cv2.addWeighted(image, 2, soft, -1, 0)


def nudge(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image (S, S, 3) uint8 turned by up to 3 degrees, scaled by up to 5 % and moved by up to 3 % of its side."""
    side = image.shape[0]
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-3, 3), rng.uniform(0.95, 1.05))
    matrix[:, 2] += rng.uniform(-0.03, 0.03, 2) * side
    return cv2.warpAffine(image, matrix, (side, side), borderMode=cv2.BORDER_REFLECT)


def blend(background: np.ndarray, source: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Source over background, (S, S, 3) uint8 each, as opaque as the mask (S, S)."""
    return cv2.blendLinear(source, background, mask, 1 - mask)


def change(before: np.ndarray, after: np.ndarray, mask: np.ndarray) -> float:
    """Mean absolute difference of (S, S, 3) uint8, in grey levels, where the mask is at least half its peak."""
    return float(np.mean(cv2.mean(cv2.absdiff(before, after), mask=_core(mask))[:3]))


def _core(mask: np.ndarray) -> np.ndarray:
    return (mask > mask.max() / 2).astype(np.uint8)
