"""Example clips made here from a public-domain portrait, so that the page is useful with no upload and no network."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from explorer.video.writer import ClipWriter
from model_zoo.files import is_whole, locked, write_atomically, write_sums

# Grace Hopper, 1984, official US Navy portrait (public domain), shipped with matplotlib as sample data.
PORTRAIT = "grace_hopper.jpg"  # 512 x 600
FACE_CENTRE, FACE_AXES = (274, 155), (66, 88)  # pixels of the portrait, an ellipse over the inner face
SIDE, SECONDS, RATE = 480, 4, 25


def _portrait() -> np.ndarray:
    from matplotlib.cbook import get_sample_data  # clips that are there already need no matplotlib

    picture = cv2.imread(str(get_sample_data(PORTRAIT, asfileobj=False)), cv2.IMREAD_COLOR)
    if picture is None:
        raise OSError(f"{PORTRAIT} of matplotlib's sample data cannot be read")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def _forged(portrait: np.ndarray, phase: float) -> np.ndarray:
    """The portrait with its inner face replaced by a warped, recoloured, softened copy of itself: self-blending
    (Shiohara & Yamasaki, CVPR 2022, section 3.1), moving a little with `phase` as a frame-wise face swap does."""
    height, width = portrait.shape[:2]
    warp = cv2.getRotationMatrix2D(FACE_CENTRE, 1.5 * np.sin(2 * phase), 1.05 + 0.01 * np.sin(3 * phase))
    warp[:, 2] += 2.5 * np.cos(phase), 2.0 * np.sin(1.5 * phase)
    donor = cv2.warpAffine(portrait, warp, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    small = cv2.resize(donor, None, fx=0.45, fy=0.45, interpolation=cv2.INTER_AREA)  # a generator's low resolution
    donor = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    donor = np.clip(donor * np.array([1.06, 0.98, 0.94]) + 4, 0, 255)
    mask: np.ndarray = np.zeros((height, width), np.float32)
    cv2.ellipse(mask, FACE_CENTRE, FACE_AXES, 0, 0, 360, 1.0, cv2.FILLED)
    mask = cv2.GaussianBlur(mask, (0, 0), 7)[..., None]
    return np.rint(donor * mask + portrait * (1 - mask)).astype(np.uint8)


def _frames(forge: bool) -> Iterator[tuple[float, np.ndarray]]:
    portrait = _portrait()
    for index in range(SECONDS * RATE):
        phase = 2 * np.pi * index / (SECONDS * RATE)
        picture = _forged(portrait, 3 * phase) if forge else portrait
        view = 400 + 40 * np.cos(phase)  # the camera breathes and drifts
        centre = (262 + 14 * np.sin(phase), 215 + 8 * np.cos(phase))
        scale = SIDE / view
        shot = np.array(
            [[scale, 0, SIDE / 2 - scale * centre[0]], [0, scale, SIDE / 2 - scale * centre[1]]], np.float32
        )
        yield (
            index / RATE,
            cv2.warpAffine(picture, shot, (SIDE, SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT),
        )


def example_clips(folder: Path) -> dict[str, Path]:
    """The clips by title, made at first use and the same everywhere: one untouched, one with a forged face.

    Those that are no longer what was made are made anew. Raises OSError where they cannot be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clips = {"Untouched portrait": folder / "portrait_untouched.mp4", "Forged face": folder / "portrait_forged.mp4"}
    names = [path.name for path in clips.values()]
    if not is_whole(folder, names):
        with locked(folder):  # of several that start on one cache one makes them
            if not is_whole(folder, names):
                _make(*clips.values())
                write_sums(folder, names)
    return clips


def _make(untouched: Path, forged: Path) -> None:
    for left in untouched.parent.glob("*.partial"):  # by one that was killed
        left.unlink(missing_ok=True)
    for path, forge in ((untouched, False), (forged, True)):
        with write_atomically(path) as partial, ClipWriter(partial, RATE, threads=1) as clip:
            for time_s, image in _frames(forge):
                clip.add(time_s, image)
