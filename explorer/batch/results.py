"""The table of rows, kept as they come: whoever is killed and started again goes on where it was."""

import fcntl
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as parquet

from explorer.batch.clips import PATH, identity, spelled
from explorer.errors import InvalidRequest
from explorer.exports.scores import Row, failed
from model_zoo.files import write_atomically

SETTINGS = b"explorer"  # in the parquet's own notes
JOURNAL = ".rows.jsonl"  # appended to the table's name: rows, one a line, until the table is written


class Results:
    """`with Results(out, settings) as results: results.add(row)`; leaving the block writes the table, `out`.

    Each row is on the disk before `add` returns. Rows of earlier runs with the same settings stay, one a clip, the
    newest. Raises InvalidRequest where `out` holds other settings, or another run writes it; OSError on a full disk.
    """

    def __init__(self, out: Path, settings: Mapping[str, Any], resume: bool = True):
        self.out, self.settings, self.resume = out, json.loads(json.dumps(settings)), resume
        self.journal = out.with_name(out.name + JOURNAL)
        self.rows: dict[str, Row] = {}

    def __enter__(self) -> Self:
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.journal, "a+b")  # held until the block is left
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self.resume:
                self._take_up()
            else:
                self._file.truncate(0)
            if self._file.seek(0, os.SEEK_END) == 0:
                self._say({"settings": self.settings})
        except BlockingIOError as error:
            self._file.close()
            raise InvalidRequest(f"{self.out.name} is being written by another run; wait, or name another") from error
        except BaseException:
            if self._file.seek(0, os.SEEK_END) == 0:
                self.journal.unlink(missing_ok=True)  # of a run that was not begun
            self._file.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None or self.rows:
                self.write()
                self.journal.unlink(missing_ok=True)
        except OSError:
            if kind is None:
                raise
        finally:
            self._file.close()

    def done(self, path: Path) -> bool:
        """Whether this very file, as it is now, was judged well; what failed is tried again."""
        row = self.rows.get(spelled(path))
        return row is not None and not failed(row) and all(row[key] == value for key, value in identity(path).items())

    def add(self, row: Row) -> None:
        """Keep a row, in the place of an earlier one of the same clip."""
        self._say(row)
        self.rows[row[PATH]] = row

    def write(self) -> None:
        """The table as it stands, whole or not at all."""
        write_parquet(list(self.rows.values()), self.out, {SETTINGS: json.dumps(self.settings)})

    def _say(self, line: Row) -> None:
        self._file.write(json.dumps(line, default=str).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _take_up(self) -> None:
        """The rows of the table and of a journal beside it, of which the last line may be torn."""
        if self.out.exists():
            self._check(_settings_in(self.out))
            self.rows |= {row[PATH]: row for row in parquet.read_table(self.out).to_pylist()}
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            row = self._row_in(line)
            if "settings" in row:
                self._check(row["settings"])
            else:
                self.rows[row[PATH]] = row
            whole += len(line)
        self._file.truncate(whole)

    def _row_in(self, line: bytes) -> Row:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InvalidRequest(f"{self.journal.name} is no journal of this command; move it away") from error
        if not isinstance(row, dict) or not {"settings", PATH} & row.keys():
            raise InvalidRequest(f"{self.journal.name} is no journal of this command; move it away")
        return row

    def _check(self, earlier: Mapping[str, Any]) -> None:
        """Raise InvalidRequest where rows were made with other settings than these."""
        differing = [key for key in self.settings if earlier.get(key) != self.settings[key]]
        if differing:
            changes = ", ".join(
                f"{key}: {_short(earlier.get(key))} -> {_short(self.settings[key])}" for key in differing
            )
            raise InvalidRequest(
                f"{self.out.name} was made with other settings ({changes}); name another --out, or say --no-resume"
            )


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _settings_in(path: Path) -> Mapping[str, Any]:
    try:
        return json.loads((parquet.read_schema(path).metadata or {})[SETTINGS])
    except (OSError, ValueError, KeyError) as error:  # Arrow's own errors are ValueErrors
        raise InvalidRequest(f"{path.name} is no table of this command; name another --out") from error


def table_of(rows: Sequence[Row]) -> pa.Table:
    """Rows as a table with the columns of all of them; a column of several kinds of values becomes text."""
    columns = {name: [row.get(name) for row in rows] for name in dict.fromkeys(name for row in rows for name in row)}
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: Sequence[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in values])


def write_parquet(rows: Sequence[Row], path: Path, notes: Mapping[bytes, str] | None = None) -> None:
    """The rows as parquet, with notes in its schema. Raises OSError."""
    with write_atomically(path) as partial:
        parquet.write_table(table_of(rows).replace_schema_metadata(dict(notes or {})), partial)


def write_csv(rows: Iterable[Row], path: Path) -> None:
    """The rows as CSV; no cell starts with what a spreadsheet takes for a formula. Raises OSError."""
    safe = [{key: _safe(value) for key, value in row.items()} for row in rows]
    with write_atomically(path) as partial:
        pyarrow.csv.write_csv(table_of(safe), partial)


def _safe(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
