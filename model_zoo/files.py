"""Files told apart by their sha256, and written whole or not at all."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model_zoo.errors import BadWeights


def sha256_of(path: Path) -> str:
    """The file's sha256 as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: Path, sha256: str | None) -> None:
    """Raise BadWeights, naming the file, where it cannot be read or is not the one with this sha256 (None: any)."""
    try:
        actual = sha256_of(path)
    except OSError as error:
        raise BadWeights(f"{path.name}: cannot be read ({error.strerror or error}); fetch the release again") from error
    if sha256 is not None and actual != sha256:
        raise BadWeights(
            f"{path.name}: sha256 is {actual[:12]}..., the manifest says {sha256[:12]}...; fetch the release again"
        )


@contextmanager
def write_atomically(path: Path) -> Iterator[Path]:
    """`with write_atomically(path) as partial:` write to `partial`, which then takes the place of `path` in one step.

    A reader never sees half of a file. Where the block fails, `path` stays as it was and `partial` is removed.
    """
    partial = path.with_name(f"{path.name}.partial")
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
