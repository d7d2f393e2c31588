"""`python -m explorer.batch.uploaded`: the process that reads a visitor's table of labels, and nothing else.

A table is a stranger's file, and Arrow a parser in C++: it reads here, under limits, and only text comes back.
"""

import csv
import io
import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from explorer import children
from explorer.batch.labels import FAMILY, LABEL, MAX_PASTED, checked, column_of, read_table
from explorer.errors import ExplorerError, InvalidRequest

SECONDS = 20.0  # Python and pandas take two of them on a busy machine
MAX_TABLE_BYTES, MAX_MEMORY_BYTES = 5_000_000, 3 << 29  # of the file; of address space, which Arrow reserves freely
ROOT = Path(__file__).resolve().parents[2]


def labels_in(path: Path) -> str:
    """The labels of a CSV or parquet file as people paste them. Raises InvalidRequest where it holds none."""
    if path.stat().st_size > MAX_TABLE_BYTES:
        raise InvalidRequest(
            f"{path.name} is over {MAX_TABLE_BYTES / 1e6:g} MB; python -m explorer takes larger tables"
        )
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    words = [sys.executable, "-m", "explorer.batch.uploaded", str(path)]
    kept |= {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    silent, pipe = subprocess.DEVNULL, subprocess.PIPE
    process = children.start(words, kept, stdin=silent, stdout=pipe, stderr=silent)
    try:
        said, _ = process.communicate(timeout=SECONDS)
        answer = json.loads(said)
    except (subprocess.TimeoutExpired, ValueError) as error:  # it was killed, or had no memory left
        raise InvalidRequest(f"{path.name} cannot be read as a table of labels; write a small CSV") from error
    finally:
        process.kill()
        process.wait()
    if "error" in answer:
        raise InvalidRequest(answer["error"])
    return answer["text"]


def as_text(path: Path) -> str:
    """The same, in this process."""
    rows = checked(read_table(path), path.name)
    named = column_of(rows, None, path.name)
    if LABEL not in rows[0]:
        raise InvalidRequest(f"{path.name} has no column {LABEL}; it has {', '.join(rows[0])}")
    columns = [named, LABEL, *([FAMILY] if FAMILY in rows[0] else [])]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", *columns[1:]])
    writer.writerows([row[column] for column in columns] for row in rows)
    if text.tell() > MAX_PASTED:
        raise InvalidRequest(f"{path.name} holds over {MAX_PASTED:,} characters; python -m explorer takes more")
    return text.getvalue()


def confine() -> None:
    """Limits of this process, for good: memory, processor time, and no file may grow."""
    for kind, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(SECONDS)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def main() -> None:
    children.end_with_parent()
    confine()
    with suppress(MemoryError):
        try:
            answer = {"text": as_text(Path(sys.argv[1]))}
        except ExplorerError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer))


if __name__ == "__main__":
    main()
