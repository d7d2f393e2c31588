"""Which faces of a report are worth a look."""

import numpy as np

from explorer.structures import Report


def moments(report: Report) -> np.ndarray:
    """The times (M,) in seconds of the sampled frames that show a face, ascending."""
    return np.unique([face.time_s for face in report.faces])


def at_moment(report: Report, time_s: float) -> np.ndarray:
    """Indices of the faces in the sampled frame at this time."""
    return np.flatnonzero([face.time_s == time_s for face in report.faces])


def evenly_spaced(report: Report, count: int, person: int | None = None) -> np.ndarray:
    """Indices of up to `count` faces, of one person or of all, spread evenly over time."""
    faces = _faces_of(report, person)
    return faces[evenly_spaced_indices(len(faces), count)]


def evenly_spaced_indices(total: int, count: int) -> np.ndarray:
    """Up to `count` of the indices below `total`, ascending, from the first to the last."""
    return np.unique(np.linspace(0, total - 1, min(count, total)).round().astype(int))


def disagreement(report: Report) -> np.ndarray:
    """How far apart the variants are on each face: the largest p_fake less the smallest, (N,) in [0, 1]."""
    scored = [result.frame_p_fake for result in report.variants]
    return np.ptp(scored, axis=0) if scored else np.zeros(len(report.faces))


def most_disputed(report: Report, count: int, person: int | None = None) -> np.ndarray:
    """Indices of the `count` faces, of one person or of all, on which the variants differ most, the worst first."""
    faces = _faces_of(report, person)
    return faces[np.argsort(-disagreement(report)[faces], kind="stable")][:count]


def _faces_of(report: Report, person: int | None) -> np.ndarray:
    return np.flatnonzero([person is None or face.person == person for face in report.faces])
