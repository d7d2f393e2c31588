"""`make app` takes torch from PyTorch's own index where it answers, and from the ordinary one in silence where not."""

import hashlib
import os
import socket
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # pip is installed into an environment of its own, twice
ROOT = Path(__file__).resolve().parents[2]
CUDA = "nvidia-cublas"


def write_wheel(index: Path, name: str, version: str, requires: tuple[str, ...] = ()) -> Path:
    """An empty package in a folder that a web server shows as an index."""
    folder = index / name
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace('-', '_')}-{version}"
    path = folder / f"{stem}-py3-none-any.whl"
    needs = "".join(f"Requires-Dist: {required}\n" for required in requires)
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(
            f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
        )
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def indexes(tmp_path: Path) -> Iterator[str]:
    """Two indexes on loopback, `cpu` and `ordinary`, and a lock that names what they hold; yields their address."""
    for name in ("torch", "torchvision"):
        write_wheel(tmp_path / "cpu", name, "1.0+cpu")
        write_wheel(tmp_path / "ordinary", name, "1.0", (f'{CUDA}==2.0; platform_system == "Linux"',))
    digest = hashlib.sha256(write_wheel(tmp_path / "ordinary", CUDA, "2.0").read_bytes()).hexdigest()
    (tmp_path / "lock").mkdir()
    (tmp_path / "lock" / "torch.txt").write_text("torch==1.0\ntorchvision==1.0\n")
    (tmp_path / "lock" / "cuda.txt").write_text(f"{CUDA}==2.0 --hash=sha256:{digest}\n")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def installed(folder: Path, ordinary: str, torch_index: str) -> dict[str, str]:
    """Run the Makefile's rule for torch in an environment of its own; the versions that are there afterwards."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "MAKE"))}
    clean |= {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": ordinary, "NO_PROXY": "127.0.0.1"}
    clean |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_CACHE_DIR": "1"}
    venv = folder / "venv"
    words = [
        "make",
        "-s",
        f"VENV={venv}",
        f"LOCK={folder / 'lock'}",
        f"TORCH_INDEX={torch_index}",
        f"{venv}/torch.ready",
    ]
    done = subprocess.run(words, cwd=ROOT, env=clean, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return dict(path.stem.split("-") for path in venv.glob("lib/python*/site-packages/*.dist-info"))


def test_pytorchs_own_index_is_taken_where_it_answers(indexes: str, tmp_path: Path):
    versions = installed(tmp_path, f"{indexes}/ordinary", f"{indexes}/cpu")
    assert (versions["torch"], versions["torchvision"]) == ("1.0+cpu", "1.0+cpu")
    assert "nvidia_cublas" not in versions


def test_where_it_does_not_the_ordinary_one_is_in_silence(indexes: str, tmp_path: Path):
    with socket.socket() as silent:  # takes connections and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        versions = installed(tmp_path, f"{indexes}/ordinary", f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert versions | {"torch": "1.0", "torchvision": "1.0", "nvidia_cublas": "2.0"} == versions
