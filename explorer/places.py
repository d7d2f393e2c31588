"""Where the explorer keeps what it makes for itself; EXPLORER_CACHE moves it."""

import os
from pathlib import Path
from tempfile import gettempdir

CACHE = Path(os.environ.get("EXPLORER_CACHE", Path(gettempdir()) / "deepfake-explorer"))
EXAMPLES = CACHE / "examples"
