"""make lock: every package that requirements name or need, pinned with hashes, for all supported Pythons at once.

`app.txt` and `test.txt` hold all of them but torch and torchvision, which come from either of two indexes with other
hashes and stand in `torch.txt` without any, and what only torch's CUDA builds need, which stands in `cuda.txt`.
"""

import re
import subprocess
from pathlib import Path

LOCK = Path(__file__).resolve().parent
ROOT = LOCK.parent
OLDEST = "3.11"  # uv resolves for it and all that come after
TORCH = {"torch", "torchvision"}
CUDA = re.compile(r"nvidia-|cuda-|triton$")
HEAD = "# Written by `make lock`; edit the requirements instead.\n"


def resolve(requirements: Path) -> dict[str, str]:
    """What uv pins for a requirements file: the entries with markers and hashes, by package; forks share a key."""
    words = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST, "--generate-hashes"]
    words += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", str(requirements)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    entries: dict[str, str] = {}
    for entry in re.findall(r"^[\w.-]+[^\n]*\n(?:[ \t]+[^\n]*\n)*", done.stdout, re.MULTILINE):
        name = re.split(r"[=\[ ;]", entry, maxsplit=1)[0]
        entries[name] = entries.get(name, "") + entry
    return entries


def without_hashes(entry: str) -> str:
    """The line of an entry that names version and marker."""
    return entry.splitlines()[0].rstrip("\\ ") + "\n"


def main() -> None:
    app, everything = (resolve(ROOT / name) for name in ("requirements.txt", "tests/requirements.txt"))
    moved = [name for name in app if app[name] != everything.get(name)]
    if moved:
        raise SystemExit(f"the tests' requirements move {', '.join(moved)}, which the app pins otherwise; pin them")
    shared = {name for name in app if name not in TORCH and not CUDA.match(name)}
    files = {
        "app.txt": [app[name] for name in app if name in shared],
        "test.txt": [everything[name] for name in everything if name not in {*shared, *TORCH} and not CUDA.match(name)],
        "torch.txt": [without_hashes(app[name]) for name in app if name in TORCH],
        "cuda.txt": [app[name] for name in app if CUDA.match(name)],
    }
    for name, entries in files.items():
        (LOCK / name).write_text(HEAD + "".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
