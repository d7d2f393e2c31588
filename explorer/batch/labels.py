"""Tables that people bring: paths, labels, and whatever else stands beside them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unicodedata import normalize

from explorer.errors import InvalidRequest

TABLES = (".csv", ".parquet")
LABEL, FAMILY = "label", "family"
NAMES = ("path", "name", "file", "clip", "video")  # what a column of clips may be called
MAX_PASTED = 200_000  # characters of labels in the page
MARKS = ",;\t"  # what parts the cells of a line
_LABELS = {"0": 0, "real": 0, "0.0": 0, "1": 1, "fake": 1, "1.0": 1}

Cells = dict[str, Any]


def read_table(path: Path, column: str | None = None) -> list[Cells]:
    """The rows of a CSV or parquet file, empty cells as None. Raises InvalidRequest where it cannot be read.

    A CSV's cells are parted by what its heading holds most of: commas, semicolons or tabs. Clips' names stay text in
    the columns called like NAMES and in `column`: 007 is not 7.
    """
    import pandas  # loaded where it is needed: serving does without

    text = {name: str for name in (*NAMES, column or NAMES[0])}
    try:
        if path.suffix.lower() == ".csv":
            table = pandas.read_csv(path, sep=_commonest_mark(path), dtype=text, encoding="utf-8-sig")
        else:
            table = pandas.read_parquet(path)
    except FileNotFoundError as error:
        raise InvalidRequest(f"{path} does not exist; name a CSV or parquet file") from error
    except (OSError, ValueError) as error:  # pandas' and Arrow's own for what is no table
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidRequest(f"{path.name} cannot be read as a table ({first}); write a CSV with a heading") from error
    return rows_of(table)


def _commonest_mark(path: Path) -> str:
    with open(path, encoding="utf-8-sig") as file:
        return max(MARKS, key=file.readline().count)


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
    lines = max((_cells(text, mark) for mark in MARKS), key=_labelled)
    widths = {len(line) for line in lines}
    if widths == {1} and len(lines) == len(names):
        lines = [[name, label] for name, (label,) in zip(names, lines, strict=True)]
    elif not widths <= {2, 3}:
        raise InvalidRequest(
            f"labels are lines of name, label; or {len(names)} labels alone, in the order of the clips"
        )
    return [{"name": line[0], LABEL: line[1]} | ({FAMILY: line[2] or None} if len(line) > 2 else {}) for line in lines]


def _cells(text: str, mark: str) -> list[list[str]]:
    """The lines' cells, without a heading."""
    lines = csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=mark)
    cells = [[cell.strip() for cell in line] for line in lines if line]
    return cells[1:] if cells and {cell.lower() for cell in cells[0]} & {LABEL, "labels"} else cells


def _labelled(lines: list[list[str]]) -> tuple[int, int]:
    """How many lines have a label in their second cell, and how many a second cell: most with the mark that parts."""
    second = [line[1].lower() for line in lines if len(line) > 1]
    return sum(cell in _LABELS for cell in second), len(second)


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
        named, self.where = column_of(rows, column, where), where
        if LABEL not in rows[0]:
            raise InvalidRequest(f"{where} has no column {LABEL}; it has {', '.join(rows[0])}")
        self._rows: dict[str, Cells] = {}
        for row in checked(rows, where):
            key, cells = _composed(str(row[named])), {name: value for name, value in row.items() if name != named}
            if self._rows.get(key, cells) != cells:
                raise InvalidRequest(f"{where} says two things of {key}; leave one of the rows out")
            self._rows[key] = cells

    def __len__(self) -> int:
        return len(self._rows)

    def key_of(self, path: Path) -> str | None:
        """By what the table knows a clip; None where it is not named."""
        parts = path.parts
        endings = ["/".join(parts[i:]).replace("//", "/") for i in range(len(parts))]
        return next((key for key in map(_composed, (str(path), *endings, path.stem)) if key in self._rows), None)

    def of(self, path: Path) -> Cells:
        """What is said of a clip; nothing where it is not named."""
        key = self.key_of(path)
        return {} if key is None else self._rows[key]


def _composed(name: str) -> str:
    """A name in Unicode's composed form: some systems store an accent beside its letter."""
    return normalize("NFC", name)
