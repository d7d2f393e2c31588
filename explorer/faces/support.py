"""Which of the people in a clip are surely people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.structures import Face

MAX_PEOPLE = 32  # judged in one clip, those seen most
MIN_FACES = 2  # of a person, where as many frames were sampled: one face in one frame decides nothing
LOOKED_AT = 8  # faces of a person, spread over the stay
MIN_LOG_ODDS = 2.0  # that they are faces, on average
RARE = 0.25  # who is seen in a smaller share of the frames from the first to the last ...
RARE_LOG_ODDS = 3.0  # ... has to look more like a face
TIMES_TOLD = 3

_UNSURE = ("something like a face", "was not judged")
_UPSIDE_DOWN = ("a face upside down", "was not judged: turn the clip the right way up")
_CROWD = "{count} people are in the clip; the {most} seen most were judged"

# Faces' contexts (N, S, S, 3) uint8 -> the log-odds (N,) that they show faces
Examine = Callable[[Sequence[np.ndarray]], np.ndarray]


@dataclass(frozen=True)
class Cast:
    """The faces of those who are judged, numbered by person from 1; and two sentences, empty where there is no need:
    what was seen but not judged, and that there are more people than are judged."""

    faces: tuple[Face, ...]
    not_judged: str
    too_many: str


def supported(faces: Sequence[Face], times: Sequence[float], examine: Examine | None) -> Cast:
    """Those people of whom enough was seen: faces in the order of time, found in frames sampled at ascending `times`.

    `examine` tells faces from other things; without it, all that was found is taken for a face. Of a single sampled
    frame it alone decides.
    """
    people: dict[int, list[Face]] = {}
    for face in faces:
        people.setdefault(face.person, []).append(face)
    judged = [person for person in sorted(people) if _is_seen(people[person], times, examine)]
    doubtful = [person for person in people if person not in judged]
    turned = [person for person in doubtful if _is_upside_down(people[person], times, examine)]
    unsure = [person for person in doubtful if person not in turned]
    kept = {person: number for number, person in enumerate(judged[:MAX_PEOPLE], start=1)}
    numbered = [replace(face, person=kept[face.person]) for face in faces if face.person in kept]
    crowd = _CROWD.format(count=len(judged), most=MAX_PEOPLE)
    told = [
        _in_words([face for person in turned for face in people[person]], *_UPSIDE_DOWN),
        _in_words([face for person in unsure for face in people[person]], *_UNSURE),
    ]
    return Cast(tuple(numbered), "; ".join(filter(None, told)), crowd if len(judged) > MAX_PEOPLE else "")


def _is_upside_down(faces: list[Face], times: Sequence[float], examine: Examine | None) -> bool:
    """Whether these look like faces only once the clip is turned the right way up."""
    if examine is None or len(faces) < min(MIN_FACES, len(times)):
        return False
    shown = _looked_at(faces)
    turned = [np.ascontiguousarray(context[::-1, ::-1]) for context in shown]
    return bool(turned) and examine(turned).mean() >= MIN_LOG_ODDS + max(examine(shown).mean(), 0)


def _looked_at(faces: list[Face]) -> list[np.ndarray]:
    """The contexts of up to LOOKED_AT of a person's faces, the first and the last among them."""
    chosen = np.unique(np.linspace(0, len(faces) - 1, min(LOOKED_AT, len(faces))).round().astype(int))
    return [context for i in chosen if (context := faces[i].context) is not None]


def _is_seen(faces: list[Face], times: Sequence[float], examine: Examine | None) -> bool:
    """Whether this is a person: often enough, and looking like one."""
    if len(faces) < min(MIN_FACES, len(times)):
        return False
    if examine is None:
        return True
    stay = np.searchsorted(times, [faces[0].time_s, faces[-1].time_s])
    rare = len(faces) < RARE * (stay[1] - stay[0] + 1)
    return examine(_looked_at(faces)).mean() >= (RARE_LOG_ODDS if rare else MIN_LOG_ODDS)


def _in_words(faces: list[Face], what: str, fate: str) -> str:
    """What is said of faces that are not judged, by their times."""
    times = sorted(face.time_s for face in faces)
    if not times:
        return ""
    moments = [f"{time_s:.1f} s" for time_s in dict.fromkeys(round(time_s, 1) for time_s in times)]
    more = len(moments) - TIMES_TOLD
    told = ", ".join(moments[:TIMES_TOLD]) + (f" and at {more} other time{'s' * (more > 1)}" if more > 0 else "")
    return f"{what} at {told} {fate}"
