"""Pictures without any face in which the finders see some: by kind and seed, earthy colours more often than not."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

HEIGHT, WIDTH = 240, 320
Rng = np.random.Generator


def frames_of(kind: str, seed: int, count: int = 3) -> list[np.ndarray]:
    """The first frames of a clip, (240, 320, 3) uint8 each."""
    return list(KINDS[kind](np.random.default_rng(seed), count))


def _tones(rng: Rng) -> np.ndarray:
    """A dark, a middle and a light colour (3, 3)."""
    if rng.random() < 0.75:
        base = np.array([205, 160, 130]) * rng.uniform(0.6, 1.1)
        return np.clip(np.stack([base * 0.25, base * 0.75, base * 1.2]), 0, 255)
    return rng.integers(0, 256, (3, 3)).astype(float)


def _painted(values: np.ndarray, tones: np.ndarray) -> np.ndarray:
    """Values (H, W) in [0, 1] as colours from dark to light, (H, W, 3) uint8."""
    values = np.clip(values, 0, 1)[..., None] * 2
    dark, middle, light = tones
    mixed = np.where(values < 1, dark + (middle - dark) * values, middle + (light - middle) * (values - 1))
    return np.rint(mixed).clip(0, 255).astype(np.uint8)


def _blurred(values: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(values, (0, 0), sigma)


def _life(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Conway's game; cells fade."""
    side = int(rng.integers(4, 12))
    alive = (rng.random((HEIGHT // side + 1, WIDTH // side + 1)) < rng.uniform(0.1, 0.4)).astype(np.uint8)
    tones, trail, blur = _tones(rng), np.zeros(alive.shape), rng.uniform(0, 3)
    for _ in range(count):
        around = sum(np.roll(alive, (y, x), (0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)) - alive
        alive = ((around == 3) | ((alive == 1) & (around == 2))).astype(np.uint8)
        trail = np.maximum(trail * 0.8, alive)
        yield _painted(_blurred(np.kron(trail, np.ones((side, side)))[:HEIGHT, :WIDTH], blur + 0.1), tones)


def _noise(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Soft blobs, other ones in every frame."""
    side, contrast, tones, coloured = int(rng.integers(6, 20)), rng.uniform(0.8, 2.5), _tones(rng), rng.random() < 0.3
    for _ in range(count):
        small = rng.random((HEIGHT // side + 2, WIDTH // side + 2, 3))
        blobs = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) - 0.5
        grey = _painted(0.5 + blobs[..., 0] * contrast, tones)
        yield np.clip(128 + blobs * contrast * 255, 0, 255).astype(np.uint8) if coloured else grey


def _texture(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Clouds, marble and grain, drifting by."""
    size = (WIDTH + 64, HEIGHT + 64)
    octaves = [
        cv2.resize(rng.random((3 * 2**k, 4 * 2**k)), size, interpolation=cv2.INTER_CUBIC)
        / 2 ** (k * rng.uniform(0.5, 1))
        for k in range(int(rng.integers(1, 4)), 7)
    ]
    values = np.sum(octaves, axis=0)
    values = (values - values.mean()) / values.std()
    contrast, tones = rng.uniform(0.15, 0.4), _tones(rng)
    if rng.random() < 0.5:
        values = np.sin(values * rng.uniform(2, 6)) * 1.4
    for i in range(count):
        yield _painted(0.5 + contrast * values[4 * i : 4 * i + HEIGHT, 6 * i : 6 * i + WIDTH], tones)


def _clock(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """A dial with hands, and as a rule three small ones in it."""
    tones, dial, radius = _tones(rng), float(rng.uniform(0.4, 0.9)), float(rng.uniform(50, 110))
    centre = np.array([WIDTH / 2 + rng.normal(0, 20), HEIGHT / 2])
    began, step, blur = rng.random() * 43200, int(rng.integers(1, 4000)), rng.uniform(0.1, 3)
    small_dials, numerals = rng.random() < 0.7, rng.random() < 0.5

    def at(x: float, y: float) -> tuple[int, int]:
        return int(centre[0] + radius * x), int(centre[1] + radius * y)

    for i in range(count):
        image = np.full((HEIGHT, WIDTH), float(rng.uniform(0.1, 0.1001)))
        cv2.circle(image, at(0, 0), int(radius), dial, -1)
        cv2.circle(image, at(0, 0), int(radius), 0.05, 3)
        for hour in range(12):
            x, y = np.sin(hour * np.pi / 6), -np.cos(hour * np.pi / 6)
            cv2.line(image, at(0.85 * x, 0.85 * y), at(0.95 * x, 0.95 * y), 0.05, 2)
            if numerals:
                left, middle = at(0.72 * x, 0.72 * y)
                cv2.putText(image, str(hour or 12), (left - 6, middle + 5), 0, 0.4, 0.05, 1)
        for x, y in ((-0.4, -0.15), (0.4, -0.15), (0, 0.45)) if small_dials else ():
            cv2.circle(image, at(x, y), int(0.2 * radius), 0.15, -1)
            cv2.circle(image, at(x, y), int(0.17 * radius), 0.5, 1)
            angle = (began + i * step) / 900 * (1 + x)
            cv2.line(image, at(x, y), at(x + 0.15 * np.sin(angle), y - 0.15 * np.cos(angle)), 0.95, 2)
        for period, length, width in ((43200, 0.5, 5), (3600, 0.75, 3)):
            angle = 2 * np.pi * ((began + i * step) % period) / period
            cv2.line(image, at(0, 0), at(length * np.sin(angle), -length * np.cos(angle)), 0.05, width)
        yield _painted(_blurred(image, blur), tones)


def _text(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Lines of round letters, scrolling."""
    tones = _tones(rng)
    ink, paper = sorted(rng.random(2))
    if rng.random() < 0.5:
        ink, paper = paper, ink
    size, font = float(rng.uniform(0.5, 3)), int(rng.integers(0, 8))
    letters = np.array(list("ABCDEFGHOQ08abcdego@&%oO"))
    blur, width = rng.uniform(0.1, 3), int(rng.integers(1, 3) + size)
    lines = ["".join(rng.choice(letters, 30)) for _ in range(30)]
    for i in range(count):
        image = np.full((HEIGHT, WIDTH), paper)
        for row, line in enumerate(lines):
            where = (4 - i * 2, int(25 * size * (row + 1)) - 2 * i)
            cv2.putText(image, line, where, font, size, float(ink), width)
        yield _painted(_blurred(image, blur), tones)


def _fabric(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Woven waves, drifting by."""
    y, x = np.mgrid[: HEIGHT + 50, : WIDTH + 50].astype(float)
    angle = rng.uniform(0, np.pi)
    x, y = x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)
    pitch, mix = rng.uniform(0.04, 0.3, 4), rng.random(3)
    waves = mix[0] * np.sin(x * pitch[0]) + mix[0] * np.sin(y * pitch[1])
    waves += mix[1] * np.sin((x + y) * pitch[2]) * np.sin((x - y) * pitch[3])
    values = 0.5 + 0.25 * (waves + mix[2] * np.sign(np.sin(x * pitch[2]) * np.sin(y * pitch[3])))
    values = _blurred(values + rng.normal(0, 0.05, values.shape), rng.uniform(0.5, 3))
    tones = _tones(rng)
    for i in range(count):
        yield _painted(values[2 * i : 2 * i + HEIGHT, 3 * i : 3 * i + WIDTH], tones)


def _animal(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """The outline of a head with ears, eyes, whiskers and a muzzle."""
    tones, fur, behind, radius = (
        _tones(rng),
        float(rng.uniform(0.3, 0.9)),
        float(rng.random()),
        float(rng.uniform(40, 90)),
    )
    eyes_apart, eye, eyes_up = rng.uniform(0.25, 0.45), rng.uniform(0.07, 0.2), rng.uniform(-0.3, -0.1)
    nose, ear, pointed = rng.uniform(0.1, 0.4), rng.uniform(0.3, 0.6), rng.random() < 0.5
    blur, tall = rng.uniform(0.1, 3.5), rng.uniform(0.8, 1.3)
    iris = 0.9 if rng.random() < 0.5 else 0.1
    for i in range(count):
        image = np.full((HEIGHT, WIDTH), behind)
        centre = np.array([WIDTH / 2 + 20 * np.sin(i / 3), HEIGHT / 2 + 10])

        def at(x: float, y: float, centre: np.ndarray = centre) -> tuple[int, int]:
            return int(centre[0] + radius * x), int(centre[1] + radius * y)

        for side in (-1, 1):
            if pointed:
                tip = [at(side * 0.9, -0.3), at(side * 0.8, -1 - ear), at(side * 0.2, -0.9)]
                cv2.fillPoly(image, [np.array(tip)], fur * 0.8)
            else:
                cv2.circle(image, at(side * 0.75, -0.75), int(radius * ear), fur * 0.8, -1)
        cv2.ellipse(image, at(0, 0), (int(radius), int(radius * tall)), 0, 0, 360, fur, -1)
        for side in (-1, 1):
            cv2.circle(image, at(side * eyes_apart, eyes_up), int(radius * eye), iris, -1)
            cv2.circle(image, at(side * eyes_apart, eyes_up), int(radius * eye * 0.5), 0.05, -1)
            for whisker in (-0.1, 0.05, 0.2):
                cv2.line(image, at(side * 0.2, nose + 0.05), at(side * 1.1, nose + whisker), 0.1, 1)
        cv2.ellipse(image, at(0, nose), (int(radius * 0.14), int(radius * 0.1)), 0, 0, 360, 0.08, -1)
        cv2.ellipse(image, at(0, nose + 0.12), (int(radius * 0.3), int(radius * 0.22)), 0, 20, 160, 0.1, 2)
        yield _painted(_blurred(image, blur) + rng.normal(0, 0.02, image.shape), tones)


def _shapes(rng: Rng, count: int) -> Iterator[np.ndarray]:
    """Ellipses that drift."""
    number = int(rng.integers(8, 60))
    centres, largest = rng.random((number, 2)) * [WIDTH, HEIGHT], rng.uniform(10, 60)
    axes, tones, shades = rng.integers(3, 3 + int(largest), (number, 2)), _tones(rng), rng.random(number)
    drift, angles, blur = rng.normal(0, 1.5, (number, 2)), rng.integers(0, 180, number), rng.uniform(0.1, 4)
    for i in range(count):
        image = np.full((HEIGHT, WIDTH), 0.5)
        for centre, axis, shade, move, angle in zip(centres, axes, shades, drift, angles, strict=True):
            where, (across, down) = centre + move * i, axis
            cv2.ellipse(
                image, (int(where[0]), int(where[1])), (int(across), int(down)), float(angle), 0, 360, float(shade), -1
            )
        yield _painted(_blurred(image, blur), tones)


KINDS: dict[str, Callable[[Rng, int], Iterator[np.ndarray]]] = {
    "animal": _animal, "clock": _clock, "fabric": _fabric, "life": _life, "noise": _noise, "shapes": _shapes,
    "text": _text, "texture": _texture,
}  # fmt: skip
