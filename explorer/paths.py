"""Where the explorer, and Gradio for it, keep what they make; EXPLORER_CACHE and GRADIO_TEMP_DIR move it."""

import atexit
import logging
import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile, gettempdir, mkdtemp

logger = logging.getLogger(__name__)

CACHE = Path(os.environ.get("EXPLORER_CACHE", Path(gettempdir()) / "deepfake-explorer"))
EXAMPLES = CACHE / "examples"


def uploads() -> Path:
    """Where Gradio keeps uploads and results, and nobody else; another, until the end, where that one is of no use.

    What is there is deleted by its age (explorer/server/sweep.py), and Gradio hands out whatever is there: not the
    folder that all Gradio apps of a machine share.
    """
    folder = Path(os.environ.get("GRADIO_TEMP_DIR") or CACHE / "uploads").resolve()
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        instead = Path(mkdtemp(prefix="gradio-"))
        atexit.register(shutil.rmtree, instead, ignore_errors=True)
        message = "uploads go to %s: %s cannot be written to (%s); set GRADIO_TEMP_DIR"
        logger.warning(message, instead, folder, error.strerror)
        return instead
