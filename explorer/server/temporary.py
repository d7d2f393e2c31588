"""The one folder for all that the app keeps for a while, uploads included: gone with the app, or swept by the next."""

import atexit
import fcntl
import logging
import os
import shutil
import tempfile
from functools import partial
from pathlib import Path

from explorer import paths
from explorer.server.ending import before_end
from explorer.server.sweep import LOCK, PREFIX, sweep_abandoned
from model_zoo.files import private

logger = logging.getLogger(__name__)


def move_in() -> Path:
    """Give this process its folder: where its uploads go is returned, and its and its children's temporary files go
    there, too, from now on.

    It lies in GRADIO_TEMP_DIR, else in the cache; where that is of no use, among the system's temporary files, and a
    warning says so. What instances left that are gone is deleted.
    """
    system = Path(tempfile.gettempdir())
    wanted = Path(os.environ.get("GRADIO_TEMP_DIR") or paths.CACHE / "temporary").resolve()
    try:
        folder = _claim(private(wanted))
    except OSError as error:
        folder = _claim(system)
        message = "uploads go to %s: %s cannot be written to (%s); set GRADIO_TEMP_DIR"
        logger.warning(message, folder, wanted, error.strerror)
    sweep_abandoned(folder.parent)
    for name in ("uploads", "temporary"):
        (folder / name).mkdir(0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "temporary")
    return folder / "uploads"


def _claim(parent: Path) -> Path:
    """A new folder that only this user may enter, and that nobody takes for abandoned while this process lives."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_WRONLY, 0o600)  # open, and so locked, until the process ends
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    atexit.register(remove, folder)
    before_end(partial(remove, folder))
    return folder


def remove(folder: Path) -> None:
    """Delete it and what is in it, though a thread may still be writing there."""
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
