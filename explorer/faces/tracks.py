"""Faces of sampled frames joined to people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from explorer.structures import Face

MAX_MATCH_COST = 1.2  # face widths moved plus likeness lost from one sampled frame to the next: more is somebody else
MIN_LIKENESS = 0.3  # a cut may put another face into the same place
THUMB = 24  # pixels, the side at which crops are compared
PATIENCE_S = 2.0  # seconds that a face may be out of sight
MIN_TRACK_SHARE = 0.1  # a track with less than this share of the longest one's faces is taken for a false find
MAX_PEOPLE = 6  # followed in one clip, those seen most


def follow(frames: Sequence[Sequence[Face]]) -> tuple[Face, ...]:
    """The faces of each sampled frame -> all faces in the order of time, numbered by person from 1, the one seen most.

    From frame to frame, faces are matched by the least sum of distances (the Hungarian method; Kuhn, 1955), where a
    match may not leap or look different. A person who comes back after a cut gets a new number.
    """
    tracks: list[list[Face]] = []
    for faces in frames:
        for face, track in zip(faces, _matches(faces, tracks), strict=True):
            if track is None:
                tracks.append([face])
            else:
                track.append(face)
    tracks = sorted(tracks, key=lambda track: -len(track))
    long_tracks = [track for track in tracks[:MAX_PEOPLE] if len(track) >= MIN_TRACK_SHARE * len(tracks[0])]
    numbered = [replace(face, person=person) for person, track in enumerate(long_tracks, start=1) for face in track]
    return tuple(sorted(numbered, key=lambda face: (face.time_s, face.person)))


def faces_per_person(faces: Sequence[Face]) -> dict[int, int]:
    """How many faces each person has, by number."""
    return dict(sorted(Counter(face.person for face in faces).items()))


def _matches(faces: Sequence[Face], tracks: list[list[Face]]) -> list[list[Face] | None]:
    """For each face the track that it goes on with, None where it begins one."""
    now = faces[0].time_s if faces else 0.0
    alive = [track for track in tracks if now - track[-1].time_s <= PATIENCE_S]
    matched: list[list[Face] | None] = [None] * len(faces)
    if not alive or not faces:
        return matched
    costs = np.array([[_cost(face, track[-1]) for track in alive] for face in faces])
    for i, j in _assigned(np.minimum(costs, 1e3)):
        if np.isfinite(costs[i, j]):
            matched[i] = alive[j]
    return matched


def _assigned(costs: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of a row and a column whose costs (R, C) have the least sum, as many as the fewer of both."""
    if 1 in costs.shape:  # most clips show one face, and SciPy takes half a second to load
        return [divmod(int(costs.argmin()), costs.shape[1])]
    from scipy.optimize import linear_sum_assignment

    return list(zip(*linear_sum_assignment(costs), strict=True))


def _cost(face: Face, last: Face) -> float:
    """How far a face moved, in its widths, plus how little it looks the same; infinite where that is too much."""
    sides = np.array([face.box[2] - face.box[0], last.box[2] - last.box[0]])
    move = np.linalg.norm((face.box[:2] + face.box[2:] - last.box[:2] - last.box[2:]) / 2) / sides.mean()
    alike = _likeness(face.crop, last.crop)
    cost = float(move + 1 - alike)
    return cost if cost <= MAX_MATCH_COST and alike >= MIN_LIKENESS and sides.max() <= 2 * sides.min() else np.inf


def _likeness(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's correlation, in [-1, 1], of the middle of one crop with where it fits best in the other: crops of one
    face lie a little differently from frame to frame."""
    first_grey, second_grey = (
        cv2.cvtColor(cv2.resize(crop, (THUMB, THUMB), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
        for crop in (first, second)
    )
    edge = THUMB // 6
    return float(cv2.matchTemplate(second_grey, first_grey[edge:-edge, edge:-edge], cv2.TM_CCOEFF_NORMED).max())
