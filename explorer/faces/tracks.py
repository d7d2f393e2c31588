"""Faces of sampled frames joined to people."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from explorer.faces.appearance import Looks, differences, looks_of
from explorer.structures import Face, SampledFrame

SAME_PERSON = 8.0  # units of CIE L*a*b*: faces that differ by less, as `differences` counts it, are one person's
GALLERY = 8  # faces of a track that are compared with other tracks'
MAX_TRACKS = 1000  # that are compared; the shorter ones stay alone


def follow(frames: Sequence[SampledFrame]) -> tuple[Face, ...]:
    """The faces of all sampled frames in the order of time, numbered by person from 1, the one seen most.

    From each frame to the next, faces are matched by the least sum of differences (the Hungarian method; Kuhn, 1955);
    then the tracks that come of it are joined, the most alike first (single linkage), but never two that are seen in
    one frame. However far apart samples are, whoever comes back is known again by the looks.
    """
    faces = [face for frame in frames for face in frame.faces]
    if not faces:
        return ()
    looks = looks_of(frames)
    owners = np.repeat(np.arange(len(frames)), [len(frame.faces) for frame in frames])
    tracks = _tracks(looks, owners)
    people = sorted(_joined(tracks, looks, owners), key=lambda person: (-len(person), person[0]))
    numbered = [replace(faces[i], person=number) for number, person in enumerate(people, start=1) for i in person]
    return tuple(sorted(numbered, key=lambda face: (face.time_s, face.person)))


def faces_per_person(faces: Sequence[Face]) -> dict[int, int]:
    """How many faces each person has, by number."""
    return dict(sorted(Counter(face.person for face in faces).items()))


def _tracks(looks: Looks, owners: np.ndarray) -> list[list[int]]:
    """Indices of the faces that follow one another from frame to frame; owners (N,) are their frames, ascending."""
    tracks: list[list[int]] = []
    alive: list[list[int]] = []  # those that the frame before ended with
    for frame in np.unique(owners):
        now = np.flatnonzero(owners == frame)
        goes_on: dict[int, list[int]] = {}
        if alive:
            costs = differences(looks.only(now), looks.only(np.array([track[-1] for track in alive])))
            goes_on = {int(now[i]): alive[j] for i, j in _assigned(costs) if costs[i, j] <= SAME_PERSON}
        alive = [goes_on.get(int(i), []) for i in now]
        for i, track in zip(now, alive, strict=True):
            if not track:
                tracks.append(track)
            track.append(int(i))
    return tracks


def _joined(tracks: list[list[int]], looks: Looks, owners: np.ndarray) -> list[list[int]]:
    """The tracks of one person as one, each ascending."""
    tracks = sorted(tracks, key=lambda track: -len(track))
    compared, alone = tracks[:MAX_TRACKS], tracks[MAX_TRACKS:]
    costs = _costs(compared, looks, owners)
    groups = {place: list(track) for place, track in enumerate(compared)}
    while len(groups) > 1:
        first, second = divmod(int(costs.argmin()), costs.shape[1])
        if costs[first, second] > SAME_PERSON:
            break
        apart = np.isinf(costs[first]) | np.isinf(costs[second])
        nearer = np.where(apart, np.inf, np.minimum(costs[first], costs[second]))
        costs[first], costs[:, first] = nearer, nearer
        costs[second], costs[:, second] = np.inf, np.inf
        groups[first] = sorted(groups[first] + groups.pop(second))
    return list(groups.values()) + alone


def _costs(tracks: list[list[int]], looks: Looks, owners: np.ndarray) -> np.ndarray:
    """How different the most alike faces of each two tracks are, (K, K); infinite where a frame shows both."""
    galleries = [_spread(track) for track in tracks]
    chosen, starts = np.concatenate(galleries), np.cumsum([0, *map(len, galleries[:-1])])
    costs = np.empty((len(tracks), len(tracks)), np.float32)
    for row, gallery in enumerate(galleries):
        nearest = differences(looks.only(gallery), looks.only(chosen)).min(axis=0)
        costs[row] = np.minimum.reduceat(nearest, starts)
    seen = np.zeros((len(tracks), owners[-1] + 1), np.float32)
    for row, track in enumerate(tracks):
        seen[row, owners[track]] = 1
    return np.where(seen @ seen.T > 0, np.inf, costs)  # a track is in its own frames too


def _spread(track: list[int]) -> np.ndarray:
    """Up to GALLERY of a track's faces, the first and the last among them."""
    return np.array(track)[np.unique(np.linspace(0, len(track) - 1, min(GALLERY, len(track))).round().astype(int))]


def _assigned(costs: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of a row and a column whose costs (R, C) have the least sum, as many as the fewer of both."""
    if 1 in costs.shape:  # most clips show one face, and SciPy takes half a second to load
        return [divmod(int(costs.argmin()), costs.shape[1])]
    from scipy.optimize import linear_sum_assignment

    return list(zip(*linear_sum_assignment(costs), strict=True))
