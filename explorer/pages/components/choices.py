"""Which faces of a run a visitor wants to look at."""

import numpy as np

from explorer.heatmaps.variant_maps import FACES_SHOWN
from explorer.selection import evenly_spaced, most_disputed
from explorer.structures import Report

EVERYONE = "everyone"
SPREAD, DISPUTED = "spread over the clip", "where the variants differ most"


def people_of(report: Report) -> list[str]:
    """Everyone, then each person."""
    return [EVERYONE, *(f"person {i}" for i in sorted({face.person for face in report.faces}))]


def number_of(person: str) -> int | None:
    """Whom the visitor chose: a person's number, None for everyone."""
    return None if person == EVERYONE else int(person.removeprefix("person "))


def chosen_faces(report: Report, which: str, person: str) -> np.ndarray:
    """Indices of up to FACES_SHOWN faces: SPREAD or DISPUTED, of a person or of everyone."""
    choose = most_disputed if which == DISPUTED else evenly_spaced
    return choose(report, FACES_SHOWN, number_of(person))
