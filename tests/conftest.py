"""What several tests share: generated clips, a tiny network, and where the real clips are."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from explorer.paths import CACHE
from explorer.structures import Report
from explorer.video.examples import edition, example_clips
from model_zoo.detector import Detector
from model_zoo.manifest import RELEASE, Manifest, read_manifest, write_manifest
from tests.support.fakes import TinyNetwork
from tests.support.hub.server import HubServer
from tests.support.reports import two_people
from tests.support.serving import serving
from tests.support.watched_home import WatchedHome, watched_home

ROOT = Path(__file__).resolve().parents[1]
REAL_CLIPS = ROOT.parent / "shared" / "clips"

MARKED = {  # fixtures -> markers
    "browser": "browser",
    "server": "server",
    "start_app": "server",
    "hub": "heavy",
    "releaser": "heavy",  # it trains
    "real_clips": "heavy",
    "examples": "heavy",  # made at first
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever uses the browser, a server or what takes its time is marked by it."""
    for item in items:
        for name in MARKED.keys() & set(item.fixturenames):
            item.add_marker(MARKED[name])


@pytest.fixture
def tiny_detector() -> Detector:
    torch.manual_seed(0)
    return Detector(TinyNetwork()).eval()


@pytest.fixture(scope="session")
def examples(request) -> dict[str, Path]:
    """The generated example clips, by title; kept in pytest's cache for as long as what makes them is the same."""
    return example_clips(request.config.cache.mkdir(f"examples-{edition()}"))


@pytest.fixture(scope="session")
def portrait_clip(examples) -> Path:
    return examples["Untouched portrait"]


@pytest.fixture(scope="session")
def real_clips() -> Path:
    """The folder of real clips beside the project; the test is skipped where it is absent."""
    if not REAL_CLIPS.is_dir():
        pytest.skip("../shared/clips is not beside this checkout")
    return REAL_CLIPS


@pytest.fixture(scope="session")
def released() -> tuple[str, ...]:
    return tuple(read_manifest(RELEASE).variants)


@pytest.fixture(scope="session")
def face_report() -> Report:
    """Twelve faces of two people by turns, judged by two variants."""
    return two_people()


@pytest.fixture
def random_crops() -> np.ndarray:
    """(5, 160, 160, 3) uint8 noise."""
    return np.random.default_rng(0).integers(0, 256, (5, 160, 160, 3), np.uint8)


@pytest.fixture
def start_app(tmp_path) -> Callable[..., AbstractContextManager[str]]:
    """Start the app in a folder, with these environment variables."""

    @contextmanager
    def start(folder: Path, **settings: str) -> Iterator[str]:
        with serving(folder, tmp_path / "app.log", **settings) as server:
            yield server.address

    return start


@pytest.fixture(scope="session")
def server_home(tmp_path_factory) -> Iterator[WatchedHome]:
    """The home folder of `server`, and what it wants of the internet."""
    with watched_home(tmp_path_factory.mktemp("home")) as home:
        yield home


@pytest.fixture(scope="session")
def server(tmp_path_factory, server_home) -> Iterator[str]:
    """The app in its own process, as `python app.py` starts it; yields its address."""
    settings = server_home.environment | {"HF_HUB_OFFLINE": "1", "EXPLORER_CACHE": str(CACHE)}
    with serving(ROOT, tmp_path_factory.mktemp("server") / "app.log", **settings) as server:
        yield server.address


@pytest.fixture
def hub() -> Iterator[HubServer]:
    """A Hub of our own on loopback."""
    with HubServer() as running:
        yield running


@pytest.fixture
def ask_hub(hub, tmp_path) -> Callable[..., subprocess.CompletedProcess]:
    """Run Python with these words in another process, as the maker whose Hub this is."""

    def ask(*words: object, **environment: str) -> subprocess.CompletedProcess:
        settings = {
            "HF_ENDPOINT": hub.url,
            "HF_TOKEN": "hf_maker",
            "HF_HOME": str(tmp_path / "hf"),
            "HF_HUB_DISABLE_XET": "1",  # the stand-in speaks plain LFS
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_ETAG_TIMEOUT": "2",
            "HF_HUB_DOWNLOAD_TIMEOUT": "2",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, *map(str, words)]
        return subprocess.run(
            command, env=os.environ | settings | environment, cwd=ROOT, capture_output=True, text=True, timeout=180
        )

    return ask


@pytest.fixture
def small_release(tmp_path) -> Path:
    """The bundled release cut down to two small variants, to be changed at will."""
    release = tmp_path / "small"
    rows = [read_manifest(RELEASE)[name] for name in ("lite0_kd_p40", "lite0_kd_p40_int8")]
    for row in rows:
        shutil.copytree(RELEASE / row.name, release / row.name)
    write_manifest(Manifest({row.name: row for row in rows}), release)
    return release


@pytest.fixture
def publish(ask_hub) -> Callable[[str, Path], str]:
    """Put a folder on the Hub as it is, and give the commit."""
    code = """
import sys
from pathlib import Path
from train.release.publish import publish
folder = Path(sys.argv[2])
files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
print(publish(sys.argv[1], files, "a release").commit)
"""

    def run(repo: str, folder: Path) -> str:
        done = ask_hub("-c", code, repo, folder)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()[-1]

    return run
