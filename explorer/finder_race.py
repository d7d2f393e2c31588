"""The face finders raced on one clip."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from explorer import limits
from explorer.errors import InvalidRequest
from explorer.faces.boxes import crop_squares, iou
from explorer.faces.haar import haar_unscaled
from explorer.faces.mtcnn.finder import mtcnn_unscaled, surest
from explorer.faces.mtcnn.tracked import mtcnn_tracked
from explorer.faces.rivals import FACENET, RIVALS, Detect, installed
from explorer.faces.working_size import WORKING_SIDE
from explorer.structures import ClipInfo, Frame, Progress
from explorer.video.decoder import Decoder
from explorer.video.reader import sample_times

SIDES = (1280, 640, 320)  # pixels of the longer side
BATCH_SIZE = 8  # where a finder takes several
DEFAULT_FRAMES = 8
SAME_FACE = 0.3  # crops that overlap less show different faces


@dataclass(frozen=True)
class FinderRow:
    """One finder at one size: `fps` frames a second, and the faces it found.

    `missed` of the faces that MTCNN finds at the largest size it did not find; with the others its crops overlap by
    `mean_iou_with_mtcnn` in [0, 1], None where there are no others. MTCNN is the yardstick here, not the truth.
    """

    finder: str
    batched: bool
    side_px: int
    fps: float
    ms_per_frame: float
    found: int
    missed: int
    mean_iou_with_mtcnn: float | None


@dataclass(frozen=True)
class FinderRace:
    """The whole race. `boxes` maps a finder to each frame's boxes (N, 4) at `shown_px`, the size the explorer works at,
    in pixels of the upright clip; the images of `frames` are scaled down to the largest size that was raced."""

    clip: ClipInfo
    rows: tuple[FinderRow, ...]
    shown_px: int
    frames: tuple[Frame, ...] = field(repr=False)
    boxes: dict[str, tuple[np.ndarray, ...]] = field(repr=False, compare=False)


def _mtcnn(images: list[np.ndarray]) -> list[np.ndarray]:
    return [surest(*detection) for detection in mtcnn_unscaled(images)]


def _haar(images: list[np.ndarray]) -> list[np.ndarray]:
    detect = haar_unscaled()
    return [detect(image) for image in images]


def _tracked(images: list[np.ndarray]) -> list[np.ndarray]:
    return mtcnn_tracked()(images)  # nothing is known of the frames before these


TRACKED = "mtcnn-tracked"  # seeks at working size whatever it is given, and so does not race at a larger one

Racer = tuple[str, bool, Detect]  # its name, whether it takes frames in batches, and the finder without any scaling
RACERS: tuple[Racer, ...] = (
    ("mtcnn", True, _mtcnn),  # the yardstick goes first
    ("mtcnn", False, _mtcnn),
    (TRACKED, True, _tracked),
    ("haar", False, _haar),
)

AT_WORK = (TRACKED, *RIVALS)  # what does not race above working size: dlib takes seconds a frame there


def contenders() -> tuple[Racer, ...]:
    """RACERS and the finders of other packages that are installed here; facenet-pytorch's in batches, too."""
    here = installed()
    one_by_one = [(name, False, _rival(name)) for name in here]
    return (*RACERS, *([(FACENET, True, _rival(FACENET))] if FACENET in here else []), *one_by_one)


def _rival(name: str) -> Detect:
    return lambda images: RIVALS[name][1]()(images)  # opened by the frame that is not timed


Event = Progress | FinderRow | FinderRace


def race(path: Path, frames: int = DEFAULT_FRAMES, racers: Sequence[Racer] = RACERS) -> Iterator[Event]:
    """Haar against MTCNN, one frame at a time, in batches and followed, at those SIDES that the clip has; last, the
    FinderRace.

    What is timed is the finder alone, on frames that are decoded and scaled already: for Haar the conversion to
    grey and the cascade, for MTCNN its pyramid and its three networks, a frame on one core. Each finder sees one
    frame of each size before its time counts. Closing the generator stops the work at the next event. Raises
    InvalidRequest, UnreadableClip or ClipTooLarge.
    """
    if not 1 <= frames <= limits.MAX_RACE_FRAMES:
        raise InvalidRequest(f"{frames} frames were asked for; the finders race over 1 to {limits.MAX_RACE_FRAMES}")
    yield Progress("reading the clip", 0, 1)
    sampled: list[Frame] = []
    with Decoder(path) as decoder:
        info = decoder.probe()
        longest = max(info.width, info.height)
        sides = sorted({min(side, longest) for side in SIDES}, reverse=True)
        for batch in decoder.read(sample_times(info, frames)):
            sampled += [_scaled(frame, info, sides[0]) for frame in batch]
            yield Progress("reading the clip", len(sampled), frames)
    rows: list[FinderRow] = []
    boxes: dict[str, tuple[np.ndarray, ...]] = {}
    yardstick: list[np.ndarray] | None = None
    heats = [(side, [racer for racer in racers if racer[0] not in AT_WORK or side <= WORKING_SIDE]) for side in sides]
    total = sum(len(at_side) for _, at_side in heats) * len(sampled)
    for side, at_side in heats:
        images = [_scaled(frame, info, side).image for frame in sampled]
        for finder, batched, detect in at_side:
            detections: list[np.ndarray] = []
            seconds = 0.0
            for found_in_batch, spent in _timed(detect, images, BATCH_SIZE if batched else 1):
                detections += [of_a_frame * np.float32(longest / side) for of_a_frame in found_in_batch]
                seconds += spent
                done = len(rows) * len(sampled) + len(detections)
                yield Progress(f"{finder} at {side} px", done, total)
            yardstick = yardstick or detections
            rows.append(_row(finder, batched, side, seconds / len(images), detections, yardstick))
            yield rows[-1]
            if side == min(WORKING_SIDE, longest) and finder not in RIVALS:
                boxes[finder] = tuple(detections)
    yield FinderRace(info, tuple(rows), min(WORKING_SIDE, longest), tuple(sampled), boxes)


def _scaled(frame: Frame, info: ClipInfo, side: int) -> Frame:
    """The frame with `side` pixels on its longer side; a clip's get one size, to be batched."""
    factor = side / max(info.width, info.height)
    size = (max(round(info.width * factor), 1), max(round(info.height * factor), 1))
    return replace(frame, image=cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA))


def _timed(detect: Detect, images: list[np.ndarray], at_once: int) -> Iterator[tuple[list[np.ndarray], float]]:
    """The boxes of `at_once` images at a time, and the seconds that they took."""
    detect(images[:at_once])
    for start in range(0, len(images), at_once):
        began = perf_counter()
        boxes = detect(images[start : start + at_once])
        yield boxes, perf_counter() - began


def _row(
    finder: str, batched: bool, side: int, seconds: float, detections: list[np.ndarray], yardstick: list[np.ndarray]
) -> FinderRow:
    overlaps = np.concatenate([best_overlaps(*pair) for pair in zip(yardstick, detections, strict=True)])
    same = overlaps[overlaps >= SAME_FACE]
    return FinderRow(
        finder=finder,
        batched=batched,
        side_px=side,
        fps=1 / seconds,
        ms_per_frame=seconds * 1e3,
        found=sum(map(len, detections)),
        missed=len(overlaps) - len(same),
        mean_iou_with_mtcnn=float(same.mean()) if len(same) else None,
    )


def best_overlaps(expected: np.ndarray, detections: np.ndarray) -> np.ndarray:
    """For each of the boxes expected (N, 4), the IoU of its crop with that of the best detection (M, 4) -> (N,)."""
    expected, detections = crop_squares(expected), crop_squares(detections)
    pairs = iou(np.repeat(expected, len(detections), axis=0), np.tile(detections, (len(expected), 1)))
    return pairs.reshape(len(expected), len(detections)).max(axis=1, initial=0)
