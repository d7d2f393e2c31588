"""Tables that people bring: paths, labels, and whatever else stands beside them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from explorer.errors import InvalidRequest

TABLES = (".csv", ".parquet")
LABEL, FAMILY = "label", "family"
NAMES = ("path", "name", "file", "clip", "video")  # what a column of clips may be called
MAX_PASTED = 200_000  # characters of labels in the page
_LABELS = {"0": 0, "real": 0, "0.0": 0, "1": 1, "fake": 1, "1.0": 1}

Cells = dict[str, Any]


def read_table(path: Path) -> list[Cells]:
    """The rows of a CSV or parquet file, empty cells as None. Raises InvalidRequest where it cannot be read."""
    import pandas  # loaded where it is needed: serving does without

    try:
        table = pandas.read_csv(path) if path.suffix.lower() == ".csv" else pandas.read_parquet(path)
    except FileNotFoundError as error:
        raise InvalidRequest(f"{path} does not exist; name a CSV or parquet file") from error
    except (OSError, ValueError) as error:  # pandas' and Arrow's own for what is no table
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidRequest(f"{path.name} cannot be read as a table ({first}); write a CSV with a heading") from error
    return rows_of(table)


def rows_of(table: Any) -> list[Cells]:
    """A pandas table's rows, empty cells as None."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]


def pasted(text: str, names: Sequence[str]) -> list[Cells]:
    """Labels as people paste them: `name, label` and, if wanted, `, family` a line; or labels alone, one for each name.

    Raises InvalidRequest for lines of which neither can be made, and where labels alone are not as many as names.
    """
    if len(text) > MAX_PASTED:
        raise InvalidRequest(f"labels take at most {MAX_PASTED:,} characters; python -m explorer takes more")
    dialect = next((mark for mark in "\t;" if mark in text), ",")
    lines = [[cell.strip() for cell in cells] for cells in csv.reader(text.splitlines(), delimiter=dialect) if cells]
    if lines and {cell.lower() for cell in lines[0]} & {LABEL, "labels"}:
        lines = lines[1:]
    widths = {len(line) for line in lines}
    if widths == {1} and len(lines) == len(names):
        lines = [[name, label] for name, (label,) in zip(names, lines, strict=True)]
    elif not widths <= {2, 3}:
        raise InvalidRequest(
            f"labels are lines of name, label; or {len(names)} labels alone, in the order of the clips"
        )
    return [{"name": line[0], LABEL: line[1]} | ({FAMILY: line[2] or None} if len(line) > 2 else {}) for line in lines]


def column_of(rows: Iterable[Mapping[str, Any]], wanted: str | None, where: str) -> str:
    """The column that names clips: the one asked for, else the first of NAMES. Raises InvalidRequest."""
    present = list(next(iter(rows), {}))
    for name in (wanted,) if wanted else NAMES:
        if name in present:
            return name
    what = f"column {wanted}" if wanted else f"column of clips ({', '.join(NAMES)})"
    raise InvalidRequest(f"{where} has no {what}; it has {', '.join(present) or 'no rows'}")


def label_of(value: object, where: str) -> int | None:
    """1 for fake, 0 for real, None for an empty cell. Raises InvalidRequest for anything else."""
    if value is None or str(value).strip() == "":
        return None
    label = _LABELS.get(str(value).strip().lower())
    if label is None:
        raise InvalidRequest(f"{where} holds the label {str(value)[:40]!r}; labels are 0 or real, 1 or fake")
    return label


def checked(rows: list[Cells], where: str) -> list[Cells]:
    """The rows with labels as 0 and 1, where they have any. Raises InvalidRequest, naming the row."""
    return [
        row | {LABEL: label_of(row[LABEL], f"{where}, row {number}")} if LABEL in row else row
        for number, row in enumerate(rows, start=1)
    ]


class Labels:
    """Labels by a clip's path, name or name without its ending."""

    def __init__(self, rows: list[Cells], where: str, column: str | None = None):
        """`rows` name a clip each. Raises InvalidRequest: no such column, a label that is none, contradictions."""
        named = column_of(rows, column, where)
        self._rows: dict[str, Cells] = {}
        for row in checked(rows, where):
            key, cells = str(row[named]), {name: value for name, value in row.items() if name != named}
            if self._rows.get(key, cells) != cells:
                raise InvalidRequest(f"{where} says two things of {key}; leave one of the rows out")
            self._rows[key] = cells
        self.used: set[str] = set()

    def of(self, path: Path) -> Cells:
        """What is said of a clip; nothing where it is not named."""
        parts = path.parts
        endings = ["/".join(parts[i:]).replace("//", "/") for i in range(len(parts))]
        for key in (str(path), *endings, path.stem):
            if key in self._rows:
                self.used.add(key)
                return self._rows[key]
        return {}
