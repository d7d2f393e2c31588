"""Where the cache lies."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def cache_with(**environment: str) -> Path:
    """What the cache is in these circumstances."""
    words = [sys.executable, "-c", "from explorer.paths import CACHE; print(CACHE)"]
    done = subprocess.run(words, cwd=ROOT, env={"PATH": "/bin"} | environment, capture_output=True, text=True)
    return Path(done.stdout.strip())


def test_the_cache_is_the_users_own(tmp_path):
    assert cache_with(HOME=str(tmp_path)) == tmp_path / ".cache" / "deepfake-explorer"
    assert cache_with(HOME=str(tmp_path), XDG_CACHE_HOME="/else") == Path("/else/deepfake-explorer")
    assert cache_with(HOME=str(tmp_path), EXPLORER_CACHE="/mine") == Path("/mine")
