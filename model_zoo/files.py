"""Files told apart by their sha256, written whole or not at all, by one process of several, in folders of our own."""

import errno
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR

from model_zoo.errors import BadWeights

try:
    import fcntl
except ImportError:  # no file can be locked here: work is done twice at worst
    fcntl = None  # type: ignore[assignment]

SUMS = "sha256.json"  # beside files that were made here: what they have to be
LOCK_S = 60.0  # after which nobody waits any longer for somebody who holds a lock


def sha256_of(path: Path) -> str:
    """The file's sha256 as 64 hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sha256(path: Path, sha256: str | None, says: str = "the manifest") -> None:
    """Raise BadWeights, naming the file, where it cannot be read or is not the one with this sha256 (None: any).

    `says` is where that sha256 stands.
    """
    try:
        actual = sha256_of(path)
    except OSError as error:
        raise BadWeights(f"{path.name}: cannot be read ({error.strerror or error}); fetch the release again") from error
    if sha256 is not None and actual != sha256:
        raise BadWeights(
            f"{path.name}: sha256 is {actual[:12]}..., {says} says {sha256[:12]}...; fetch the release again"
        )


@contextmanager
def write_atomically(path: Path) -> Iterator[Path]:
    """`with write_atomically(path) as partial:` write to `partial`, which then takes the place of `path` in one step.

    A reader never sees half of a file, and two writers not each other's. Where the block fails, `path` stays as it was
    and `partial` is removed.
    """
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.partial")
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def link_or_copy(source: Path, target: Path) -> None:
    """The file under another name, without its bytes twice where that can be."""
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)


def write_sums(folder: Path, names: Iterable[str]) -> None:
    """Note in `folder` what these files of it are; `is_whole` then tells whether they still are."""
    sums = {name: sha256_of(folder / name) for name in names}
    with write_atomically(folder / SUMS) as partial:
        partial.write_text(json.dumps(sums), encoding="ascii")


def is_whole(folder: Path, names: Iterable[str] | None = None) -> bool:
    """Whether these files (None: all that are noted) are in `folder`, and the ones that `write_sums` noted."""
    try:
        sums = json.loads((folder / SUMS).read_text(encoding="ascii"))
        return all(sha256_of(folder / name) == sums[name] for name in (sums if names is None else names))
    except (OSError, ValueError, LookupError, TypeError):
        return False


@contextmanager
def locked(folder: Path, seconds: float = LOCK_S) -> Iterator[None]:
    """`with locked(folder):` one at a time is inside, of all threads and processes that ask.

    The lock goes with the process that holds it, however that ends. Who has waited for so many seconds goes on without
    it. Raises OSError where `folder` cannot be written to.
    """
    with open(folder / ".lock", "ab") as file:
        end = time.monotonic() + seconds
        while fcntl and time.monotonic() < end:
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.05)
        yield


def private(folder: Path) -> Path:
    """The folder, made where it is not there. Raises OSError where somebody else may have put something into it.

    That is one that is another user's, or behind another user's link, and one that others may write to: a name in a
    shared folder can be taken by whoever guesses it.
    """
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(0o700, exist_ok=True)
    link, state = folder.lstat(), folder.stat()
    if not S_ISDIR(state.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if {link.st_uid, state.st_uid} != {os.geteuid()}:
        raise PermissionError(errno.EPERM, "it belongs to another user", str(folder))
    if state.st_mode & 0o022:
        raise PermissionError(errno.EPERM, "others may write to it", str(folder))
    return folder
