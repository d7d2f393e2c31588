"""What several tests share: generated clips, a tiny network, and where the real clips are."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import TinyNetwork

from explorer.examples import example_clips
from model_zoo.detector import Detector
from model_zoo.manifest import RELEASE, read_manifest

ROOT = Path(__file__).resolve().parents[1]
REAL_CLIPS = ROOT.parent / "shared" / "clips"


@pytest.fixture
def tiny_detector() -> Detector:
    torch.manual_seed(0)
    return Detector(TinyNetwork()).eval()


@pytest.fixture(scope="session")
def examples(tmp_path_factory) -> dict[str, Path]:
    """The generated example clips, by title."""
    return example_clips(tmp_path_factory.mktemp("examples"))


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


@pytest.fixture
def random_crops() -> np.ndarray:
    """(5, 160, 160, 3) uint8 noise."""
    return np.random.default_rng(0).integers(0, 256, (5, 160, 160, 3), np.uint8)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The app in its own process, as `python app.py` starts it; yields its address."""
    port = _free_port()
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1"}
    log = tmp_path_factory.mktemp("server") / "app.log"
    with open(log, "w") as output:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                pytest.fail(f"the app ended at start:\n{log.read_text()}")
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)
