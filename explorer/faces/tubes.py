"""Faces followed through slices of consecutive frames, for variants that look at several at once."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from explorer.errors import InvalidRequest
from explorer.faces.boxes import iou
from explorer.faces.crops import cut_face
from explorer.faces.finders import FindFaces
from explorer.structures import Face, Frame, Progress
from explorer.video.decoder import Decoder

LEAST_SLICES = 2
SAME_FACE = 0.2  # overlap of boxes, from one looked-at frame of a slice to the next, and from the nearest sampled frame


@dataclass(frozen=True)
class Tube:
    """A person's face in consecutive frames shown from `from_s` to `to_s`: crops (T, S, S, 3) uint8."""

    person: int
    from_s: float
    to_s: float
    crops: np.ndarray = field(repr=False)


def slice_starts(frame_count: int, length: int, frames: int) -> np.ndarray:
    """Where slices of `length` of a clip's frames begin: one for so many of the `frames` asked for, LEAST_SLICES at
    least, evenly spread; fewer in a clip of which they would be the same."""
    count = max(frames // length, LEAST_SLICES)
    middles = (np.arange(count) + 0.5) * frame_count / count  # clips fade in and out at their ends
    return np.unique(np.clip(np.rint(middles - length / 2), 0, frame_count - length).astype(int))


def read_tubes(
    path: Path, name: str, faces: Sequence[Face], find_faces: FindFaces, length: int, frames: int, side: int
) -> Generator[Progress, None, tuple[list[Tube], int, int]]:
    """The tubes of a clip's people, whose `faces` were found before, and of how many slices they come, out of how many
    that were read. Raises InvalidRequest where there is none, or the
    clip is shorter than one, and what the decoder raises."""
    tubes: list[Tube] = []
    with_face = 0
    with Decoder(path, name) as decoder:
        times = decoder.probe().frame_times
        if len(times) < length:
            raise InvalidRequest(f"{name} has {len(times)} frames, and it looks at {length} at once; try a longer clip")
        starts = slice_starts(len(times), length, frames)
        for done, start in enumerate(starts):
            yield Progress("reading slices", done, len(starts))
            consecutive = [
                Frame(frame.time_s, frame.image.copy())
                for chunk in decoder.read(times[start : start + length])
                for frame in chunk
            ]
            followed = cut_tubes(consecutive, faces, find_faces, side) if len(consecutive) == length else []
            with_face += bool(followed)
            tubes += followed
    if not tubes:
        raise InvalidRequest(f"nobody in {name} could be followed through {length} consecutive frames")
    return tubes, with_face, len(starts)


def cut_tubes(frames: Sequence[Frame], faces: Sequence[Face], find_faces: FindFaces, side: int) -> list[Tube]:
    """The people of `faces` in consecutive frames: found in the first, middle and last, on a line between them."""
    looked_at = np.unique([0, len(frames) // 2, len(frames) - 1])
    first, *rest = find_faces([frames[i].image for i in looked_at])
    tubes, taken = [], set()
    for box in first:
        boxes = [box]
        for later in rest:
            boxes.append(_likest(boxes[-1], later))
        person = _person(box, frames[0].time_s, faces)
        if person is None or person in taken or any(each is None for each in boxes):
            continue
        taken.add(person)
        between = np.stack([np.interp(range(len(frames)), looked_at, column) for column in np.transpose(boxes)], axis=1)
        crops = np.stack([cut_face(frame.image, at, side) for frame, at in zip(frames, between, strict=True)])
        tubes.append(Tube(person, frames[0].time_s, frames[-1].time_s, crops))
    return tubes


def _likest(box: np.ndarray | None, others: np.ndarray) -> np.ndarray | None:
    if box is None or not len(others):
        return None
    overlaps = iou(np.repeat(box[None], len(others), axis=0), others)
    return others[overlaps.argmax()] if overlaps.max() >= SAME_FACE else None


def _person(box: np.ndarray, time_s: float, faces: Sequence[Face]) -> int | None:
    """Who of the people that were found in the sampled frames is nearest; the only one, wherever the face is."""
    people = {face.person for face in faces}
    if len(people) == 1:
        return people.pop()
    near = [min((f for f in faces if f.person == who), key=lambda face: abs(face.time_s - time_s)) for who in people]
    overlaps = iou(np.repeat(box[None], len(near), axis=0), np.stack([face.box for face in near]))
    return near[overlaps.argmax()].person if overlaps.max() >= SAME_FACE else None
