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
from torch import nn

from explorer.examples import example_clips
from model_zoo.detector import Detector
from model_zoo.manifest import RELEASE, read_manifest

ROOT = Path(__file__).resolve().parents[1]
REAL_CLIPS = ROOT.parent / "shared" / "clips"


class TinyNetwork(nn.Module):
    """The interface of timm's EfficientNets, a thousand times smaller: a stem, an activation `bn2`, one logit."""

    def __init__(self, width: int = 8):
        super().__init__()
        self.drop_rate = 0.0
        self.conv = nn.Conv2d(3, width, 3, stride=4, padding=1)
        self.bn2 = nn.Sequential(nn.BatchNorm2d(width), nn.ReLU6())
        self.classifier = nn.Linear(width, 1)

    def forward_features(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.bn2(self.conv(pixels))

    def get_classifier(self) -> nn.Module:
        return self.classifier

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.forward_features(pixels).mean((2, 3)))


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
