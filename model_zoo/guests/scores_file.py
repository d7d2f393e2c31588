"""What a detector that runs elsewhere said of clips: a CSV of clip_sha256, time_s and p_fake."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model_zoo.errors import BadGuest

COLUMNS = ("clip_sha256", "time_s", "p_fake")
MOST_ROWS = 2_000_000
NEAR_S = 0.5  # a face takes the p_fake of the row that is nearest in time, at most this far away


@dataclass(frozen=True)
class ClipScores:
    """Ascending times (M,) in seconds and their p_fake (M,) in [0, 1]."""

    times: np.ndarray = field(repr=False)
    p_fake: np.ndarray = field(repr=False)

    def at(self, times: np.ndarray) -> np.ndarray:
        """p_fake (N,) of the rows nearest to times (N,) in seconds. Raises BadGuest where one is too far away."""
        after = np.searchsorted(self.times, times).clip(0, len(self.times) - 1)
        before = (after - 1).clip(0)
        nearest = np.where(np.abs(self.times[before] - times) <= np.abs(self.times[after] - times), before, after)
        away = np.abs(self.times[nearest] - times)
        if (away > NEAR_S).any():
            lacking = float(times[int(np.argmax(away))])
            raise BadGuest(f"its scores have no row within {NEAR_S} s of {lacking:.2f} s")
        return self.p_fake[nearest]


def read_scores(path: Path) -> Mapping[str, ClipScores]:
    """The scores of each clip, by its sha256. Raises BadGuest, naming the line that is none."""
    rows: dict[str, list[tuple[float, float]]] = {}
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (table.fieldnames or ())]:
                raise BadGuest(f"{path.name} has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
            for row in table:
                if table.line_num > MOST_ROWS:
                    raise BadGuest(f"{path.name} has more than {MOST_ROWS:,} lines")
                sha256, pair = _row(path.name, table.line_num, row)
                rows.setdefault(sha256, []).append(pair)
    except (OSError, UnicodeError, csv.Error) as error:
        raise BadGuest(f"{path.name} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not rows:
        raise BadGuest(f"{path.name} holds no scores")
    return {sha256: ClipScores(*np.array(sorted(pairs)).T) for sha256, pairs in rows.items()}


def _row(file: str, line: int, row: Mapping[str, str | None]) -> tuple[str, tuple[float, float]]:
    sha256, *numbers = ((row[name] or "").strip() for name in COLUMNS)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256.lower()):
        raise BadGuest(f"{file}, line {line}: {sha256[:20]!r} is no sha256 of a clip")
    try:
        time_s, p_fake = map(float, numbers)
    except ValueError:
        raise BadGuest(f"{file}, line {line}: {numbers[0][:20]!r} and {numbers[1][:20]!r} are no numbers") from None
    if not (0 <= p_fake <= 1 and abs(time_s) < 1e6):
        raise BadGuest(f"{file}, line {line}: p_fake is {p_fake} at {time_s} s; p_fake lies between 0 and 1")
    return sha256.lower(), (time_s, p_fake)
