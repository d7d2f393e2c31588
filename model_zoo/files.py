"""Files told apart by their sha256."""

import hashlib
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
