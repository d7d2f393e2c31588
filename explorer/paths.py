"""Where the explorer keeps what it makes, and whose folders it trusts; EXPLORER_CACHE moves it."""

import errno
import os
from pathlib import Path
from stat import S_ISDIR
from tempfile import gettempdir


def _own_cache() -> Path:
    """In the user's own cache; one without a home has a folder of a name of its own among the temporary ones."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return (
        home / "deepfake-explorer" if home.is_absolute() else Path(gettempdir()) / f"deepfake-explorer-{os.geteuid()}"
    )


CACHE = Path(os.environ.get("EXPLORER_CACHE") or _own_cache())
EXAMPLES = CACHE / "examples"


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
