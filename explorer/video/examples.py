"""Example clips made here from a public-domain portrait, so that the page is useful with no upload and no network."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from explorer.video.writer import ClipWriter
from model_zoo.files import is_whole, locked, write_atomically, write_sums

# Grace Hopper, 1984, official US Navy portrait (public domain), shipped with matplotlib as sample data.
PORTRAIT = "grace_hopper.jpg"  # 512 x 600
FACE_CENTRE, FACE_AXES = (274, 155), (66, 88)  # pixels of the portrait, an ellipse over the inner face
REACH = (110, 130)  # of what a forgery touches, to either side of the centre
SIDE, SECONDS, RATE = 480, 4, 25
FROM_S = 1.5  # when the forgery that one can see to begin begins
FINE, COARSE = 0.25, 0.20  # how much of the resolution a forged face keeps
SENT_ON_SIDE, SENT_ON_QUALITY = 200, 22  # pixels, and of a JPEG: what is left of a clip that was passed on often


@dataclass(frozen=True)
class Example:
    """A clip: the file that it is kept in, what is true of it, what there is to see, at a glance and in full.

    `draw` gives a frame (H, W, 3) uint8 of the portrait, the phase of the clip in [0, 2 pi) and the time in seconds.
    """

    file: str
    truth: str
    glance: str
    about: str
    draw: Callable[[np.ndarray, float, float], np.ndarray]


def load_portrait() -> np.ndarray:
    from matplotlib.cbook import get_sample_data  # clips that are there already need no matplotlib

    picture = cv2.imread(str(get_sample_data(PORTRAIT, asfileobj=False)), cv2.IMREAD_COLOR)
    if picture is None:
        raise OSError(f"{PORTRAIT} of matplotlib's sample data cannot be read")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def _forged(portrait: np.ndarray, phase: float, resolution: float = FINE) -> np.ndarray:
    """The portrait with its inner face replaced by a warped, recoloured, softened copy of itself: self-blending
    (Shiohara & Yamasaki, CVPR 2022, section 3.1), moving a little with `phase` as a frame-wise face swap does; of a
    generator's low `resolution`."""
    (x, y), (across, down) = FACE_CENTRE, REACH
    face = portrait[y - down : y + down, x - across : x + across]
    size = face.shape[1::-1]
    warp = cv2.getRotationMatrix2D(REACH, 1.5 * np.sin(2 * phase), 1.05 + 0.01 * np.sin(3 * phase))
    warp[:, 2] += 2.5 * np.cos(phase), 2.0 * np.sin(1.5 * phase)
    donor = cv2.warpAffine(face, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    small = cv2.resize(donor, None, fx=resolution, fy=resolution, interpolation=cv2.INTER_AREA)
    donor = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
    donor = np.clip(donor * np.array([1.06, 0.98, 0.94]) + 4, 0, 255)
    mask: np.ndarray = np.zeros(face.shape[:2], np.float32)
    cv2.ellipse(mask, REACH, FACE_AXES, 0, 0, 360, 1.0, cv2.FILLED)
    mask = cv2.GaussianBlur(mask, (0, 0), 7)[..., None]
    forged = portrait.copy()
    forged[y - down : y + down, x - across : x + across] = np.rint(donor * mask + face * (1 - mask))
    return forged


def _shot(picture: np.ndarray, phase: float, width: int = SIDE, mirrored: bool = False) -> np.ndarray:
    """(SIDE, width, 3) of the portrait, seen by a camera that breathes and drifts."""
    view = 450 + 45 * np.cos(phase)  # pixels of the portrait: near one to one, so that it stays as sharp as it is
    centre = (262 + 14 * np.sin(phase), 215 + 8 * np.cos(phase))
    scale = SIDE / view
    shot = np.array([[scale, 0, width / 2 - scale * centre[0]], [0, scale, SIDE / 2 - scale * centre[1]]], np.float32)
    seen = cv2.warpAffine(picture, shot, (width, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return seen[:, ::-1] if mirrored else seen


def _untouched(portrait: np.ndarray, phase: float, _: float) -> np.ndarray:
    return _shot(portrait, phase)


def _forged_throughout(portrait: np.ndarray, phase: float, _: float) -> np.ndarray:
    return _shot(_forged(portrait, 3 * phase), phase)


def _forged_late(portrait: np.ndarray, phase: float, time_s: float) -> np.ndarray:
    return _shot(_forged(portrait, 3 * phase, COARSE) if time_s >= FROM_S else portrait, phase)


def _two_people(portrait: np.ndarray, phase: float, _: float) -> np.ndarray:
    left = _shot(portrait, phase, SIDE * 3 // 4)
    right = _shot(_forged(portrait, 3 * phase, COARSE), phase + 1, SIDE * 3 // 4, mirrored=True)
    return np.hstack([left, right])


def _sent_on(portrait: np.ndarray, phase: float, _: float) -> np.ndarray:
    shown = _shot(_forged(portrait, 3 * phase), phase)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), 18, 1.0)
    shown = cv2.warpAffine(shown, turn, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    small = cv2.resize(shown, (SENT_ON_SIDE, SENT_ON_SIDE), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, SENT_ON_QUALITY])
    decoded: Any = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
    return cv2.resize(decoded, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


EXAMPLES: dict[str, Example] = {  # by title; the first is the one whose result a first visit shows
    "Forged from 1.5 s": Example(
        "portrait_forged_late.mp4", "real, then forged", "one can see it begin",
        "untouched at first, then eyes to chin are a softened, recoloured copy", _forged_late,
    ),
    "Untouched portrait": Example(
        "portrait_untouched.mp4", "real", "nothing changed", "the same portrait, nothing changed", _untouched
    ),
    "Forged face": Example(
        "portrait_forged.mp4", "forged", "finer, all along",
        "the same forgery, finer and all along: less to see, less sure", _forged_throughout,
    ),
    "Two people": Example(
        "portrait_two_people.mp4", "one forged", "the one on the right",
        "the portrait twice: left untouched, right mirrored and forged", _two_people,
    ),
    "Sent on, turned": Example(
        "portrait_sent_on.mp4", "forged, hard", "small, compressed",
        "the finer forgery turned, shrunk and recompressed: detectors may miss it", _sent_on,
    ),
}  # fmt: skip


def edition() -> str:
    """A name for what is drawn and how it is encoded: clips of another version are not shown in place of these."""
    sources = (Path(__file__), Path(__file__).with_name("writer.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def described(title: str) -> str:
    """An example's title, with what is true of it and what there is to see, where it is known."""
    known = EXAMPLES.get(title)
    return f"{title} ({known.truth}: {known.about})" if known else title


def _frames(example: Example) -> Iterator[tuple[float, np.ndarray]]:
    """Times in seconds and pictures (H, W, 3) uint8."""
    portrait, count = load_portrait(), SECONDS * RATE
    for index in range(count):
        yield index / RATE, example.draw(portrait, 2 * np.pi * index / count, index / RATE)


def still(title: str) -> np.ndarray:
    """What an example looks like, (H, W, 3) uint8: a frame late in it."""
    return EXAMPLES[title].draw(load_portrait(), 1.5 * np.pi, 0.75 * SECONDS)


def example_clips(folder: Path) -> dict[str, Path]:
    """The clips by title, made at first use and the same everywhere.

    Those that are no longer what was made are made anew. Raises OSError where they cannot be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clips = {title: folder / example.file for title, example in EXAMPLES.items()}
    names = [path.name for path in clips.values()]
    if not is_whole(folder, names):
        with locked(folder):  # of several that start on one cache one makes them
            if not is_whole(folder, names):
                _make(clips)
                write_sums(folder, names)
    return clips


def _make(clips: dict[str, Path]) -> None:
    for left in next(iter(clips.values())).parent.glob("*.partial"):  # by one that was killed
        left.unlink(missing_ok=True)
    for title, path in clips.items():
        with write_atomically(path) as partial, ClipWriter(partial, RATE, threads=1) as clip:
            for time_s, image in _frames(EXAMPLES[title]):
                clip.add(time_s, image)
