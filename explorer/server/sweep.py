"""The folder of uploads and results, swept on a schedule, and those of instances that are gone."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR

from explorer import limits

# Gradio deletes what it knows of: every SWEEP_SECONDS, what is KEPT_SECONDS old. It does not know of uploads that broke
# off or came in a wrong field, nor of what a process left that was killed. Those go after Gradio has had its turn, and
# within the two hours that are promised.
LEFT_EVERY_S = limits.SWEEP_SECONDS / 3
PREFIX, LOCK = "deepfake-explorer-", "lock"  # of an instance's folder, and of the file in it that is locked as it lives
CLAIM_S = 60.0  # by which one has locked it
LEFT_OLD_S = limits.KEPT_SECONDS + limits.SWEEP_SECONDS - LEFT_EVERY_S


def sweep(folder: Path, older_than_s: float, keep: Collection[str], now: float | None = None) -> int:
    """Delete the files in `folder` that were last written or moved so many seconds ago, and folders left empty.

    What is in `keep` stays, and so does what cannot be deleted. Gives the number of files deleted.
    """
    born_before, swept = (time.time() if now is None else now) - older_than_s, 0
    for path in sorted(folder.rglob("*"), reverse=True):  # what a folder holds before the folder
        try:
            if str(path) in keep or path.lstat().st_ctime > born_before:
                continue
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
                swept += 1
        except OSError:
            pass  # not empty, gone already, or not ours
    return swept


def sweep_abandoned(parent: Path) -> int:
    """Delete the folders of instances that ended without doing so, as killed ones do. Gives how many there were."""
    swept = 0
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):  # gone already, or another user's
            state = folder.lstat()
            if S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and _abandoned(folder):
                shutil.rmtree(folder)
                swept += 1
    return swept


def _abandoned(folder: Path) -> bool:
    try:
        with open(folder / LOCK, "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return time.time() - folder.lstat().st_mtime > CLAIM_S


def sweep_for_ever(folder: Path, keep: Callable[[], Collection[str]]) -> None:
    """Sweep an instance's uploads now and every LEFT_EVERY_S seconds; `keep` gives the paths to be spared."""
    while True:
        sweep(folder, LEFT_OLD_S, keep())
        sweep_abandoned(folder.parent.parent)
        time.sleep(LEFT_EVERY_S)
