"""Where the explorer keeps what it makes; EXPLORER_CACHE moves it."""

import os
from pathlib import Path
from tempfile import gettempdir


def _own_cache() -> Path:
    """In the user's own cache; one without a home has a folder of a name of its own among the temporary ones."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return (
        home / "deepfake-explorer" if home.is_absolute() else Path(gettempdir()) / f"deepfake-explorer-{os.geteuid()}"
    )


CACHE = Path(os.environ.get("EXPLORER_CACHE") or _own_cache())
EXAMPLES = CACHE / "examples"
SHOWCASE = CACHE / "showcase"  # the result of an example, for each zoo
