"""make lock: every package that requirements name or need, pinned with hashes, for all supported Pythons at once.

`app.txt` and `test.txt` hold all of them but torch and torchvision, which come from either of two indexes with other
hashes and stand in `torch.txt` without any, and what only torch's CUDA builds need, which stands in `cuda.txt`.
`zerogpu.txt` holds all that a Space on ZeroGPU installs, whose Python is one and whose torch is older (`zerogpu.in`).
"""

import re
import subprocess
from pathlib import Path

LOCK = Path(__file__).resolve().parent
ROOT = LOCK.parent
OLDEST = "3.11"  # uv resolves for it and all that come after
ZEROGPU = LOCK / "zerogpu.in"
ZEROGPU_PYTHON = "3.12.12"
TORCH = {"torch", "torchvision"}
CUDA = re.compile(r"nvidia-|cuda-|triton$")
HEAD = "# Written by `make lock`; edit the requirements instead.\n"


def resolve(requirements: Path) -> dict[str, str]:
    """What uv pins for a requirements file: the entries with markers and hashes, by package; forks share a key."""
    return compiled("--universal", "--python-version", OLDEST, str(requirements))


def compiled(*asked: str) -> dict[str, str]:
    """What uv pins for these words."""
    words = ["uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate"]
    words += ["--no-emit-index-url", "--no-emit-find-links", *asked]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    entries: dict[str, str] = {}
    for entry in re.findall(r"^[\w.-]+[^\n]*\n(?:[ \t]+[^\n]*\n)*", done.stdout, re.MULTILINE):
        name = re.split(r"[=\[ ;]", entry, maxsplit=1)[0]
        entries[name] = entries.get(name, "") + entry
    return entries


def without_hashes(entry: str) -> str:
    """The line of an entry that names version and marker."""
    return entry.splitlines()[0].rstrip("\\ ") + "\n"


def zerogpu() -> dict[str, str]:
    """What a Space on ZeroGPU installs, for its one Python on Linux."""
    words = ["--python-version", ZEROGPU_PYTHON, "--python-platform", "x86_64-manylinux_2_28"]
    return compiled(*words, "--overrides", str(ZEROGPU), str(ROOT / "requirements.txt"), str(ZEROGPU))


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
        "zerogpu.txt": list(zerogpu().values()),
    }
    for name, entries in files.items():
        (LOCK / name).write_text(HEAD + "".join(entries), encoding="utf-8")


if __name__ == "__main__":
    main()
