"""The table of many clips: a row for each, those that are still to be judged included."""

from collections.abc import Sequence
from typing import Any

from explorer.exports.scores import P_FAKE, VERDICT, Row
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN

NAME = "clip"
_WAITING = "..."
_MARKS = {FAKE: "\N{BLACK CIRCLE}", REAL: "\N{WHITE CIRCLE}", UNCERTAIN: "\N{FISHEYE}", NO_FACE: "\N{EM DASH}"}


def headings(variants: Sequence[str]) -> list[str]:
    """The columns; each variant has its verdict and its p_fake, so that both sort."""
    each = [cell for name in variants for cell in (name, f"{name} p_fake")]
    return [NAME, "verdict", "agreement", "faces", *each, "error"]


def table(rows: Sequence[Row], names: Sequence[str], variants: Sequence[str]) -> dict[str, Any]:
    """What a Dataframe shows of the clips called `names`, of which the first have rows."""
    waiting = [[name, _WAITING, None, None, *[None] * (2 * len(variants)), ""] for name in names[len(rows) :]]
    return {"headers": headings(variants), "data": [_cells(row, variants) for row in rows] + waiting}


def _cells(row: Row, variants: Sequence[str]) -> list[Any]:
    each: list[Any] = []
    for name in variants:
        verdict, p_fake = row.get(VERDICT + name), row.get(P_FAKE + name)
        each += [_marked(verdict), None if p_fake is None else round(p_fake, 3)]
    agreement = None if row["agreement"] is None else round(row["agreement"], 2)
    return [row["name"], _marked(row["verdict"]) or "not judged", agreement, row["faces"], *each, row["error"] or ""]


def _marked(verdict: str | None) -> str:
    return f"{_MARKS[verdict]} {verdict}" if verdict in _MARKS else verdict or ""
