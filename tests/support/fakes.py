"""Stand-ins that tests pass where the pipeline and the trainer take a collaborator."""

import io

import numpy as np
import torch
from PIL import Image
from torch import nn

from explorer.pipeline import analyse
from explorer.structures import Report, Runner

# The settings of a recipe that is over in a second.
TINY = dict(epochs=1, batch_size=8, size=64, zoom=None, augment=("flip",), forged=0.0, learning_rate=1e-3)


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


def runner(name: str = "steady") -> Runner:
    """A detector whose logit is 0.1 x the crop's mean grey level - 5, with a constant evidence map."""

    def run(crops):
        scored = crops.mean((1, 2, 3)) * 0.1 - 5
        return scored, np.broadcast_to(scored[:, None, None], (len(crops), 5, 5)).copy()

    return Runner(
        name, "none", run, input_size=32, threshold=0.5, uncertain=(0.4, 0.6), params=10, size_mb=0.1,
        detector=lambda: None,
    )  # fmt: skip


def everywhere(images):
    """A finder that sees the same face in every frame."""
    return [np.array([[8, 8, 40, 46]], np.float32) for _ in images]


def nowhere(images):
    """A finder that sees no face at all."""
    return [np.empty((0, 4), np.float32) for _ in images]


def report_of(*args, **kwargs) -> Report:
    """The last event of analyse(...)."""
    *_, report = analyse(*args, **kwargs)
    assert isinstance(report, Report)
    return report


def crop(level: int, seed: int) -> bytes:
    """A noisy 32 px crop around a grey level: fakes are brighter."""
    noise = np.random.default_rng(seed).normal(level, 20, (32, 32, 3))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()
