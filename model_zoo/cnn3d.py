"""Small networks of three dimensions that look at 15 frames at once (Stablum, Deepfake detection challenge, 2020)."""

from itertools import pairwise

import torch
from torch import nn

PRINTED = ("cnn3d_first", "cnn3d_separated", "cnn3d_large")  # figures 2, 4 and 6 of the journal
FACE = "cnn3d_face"
FRAMES = 15
Axes = tuple[int, int, int]  # time, down, across
_TIME, _DOWN, _ACROSS = (3, 1, 1), (1, 3, 1), (1, 1, 3)  # kernels that look along one axis


def build_printed(architecture: str) -> nn.Sequential:
    """A network exactly as printed: (N, 3, 15, 1080, 1920) float32 -> (N, 2), softmax of fake and real."""
    if architecture == "cnn3d_first":
        blocks = [layer for _ in range(3) for layer in (*_convolved(3, 3, 3, (1, 3, 3)), nn.MaxPool3d((1, 2, 2)))]
        return nn.Sequential(*blocks, *_dense(1080, (20, 10, 6), nn.Sigmoid))
    if architecture == "cnn3d_separated":
        blocks = [layer for _ in range(3) for layer in (*_separated(3, 3, (1, 3, 3)), nn.MaxPool3d((1, 2, 2)))]
        return nn.Sequential(nn.MaxPool3d((1, 4, 4)), *blocks, *_dense(54, (20, 10, 6), nn.Tanh))
    pairs = pairwise((3, *[10] * 7))
    blocks = [layer for pair in pairs for layer in (*_separated(*pair, (1, 1, 1)), nn.MaxPool3d((1, 2, 2)))]
    return nn.Sequential(*blocks, *_dense(780, (50, 25, 16), nn.Tanh))


class FaceTube(nn.Module):
    """The journal's separated blocks on a face that is followed, as its "future directions" ask: (N, 3, 15, 112, 112)
    -> (N, 1) logits that speak for fake.

    More filters as it gets deeper, batch norms, and pooling before one linear layer, so that there is a map of its
    evidence over time and space.
    """

    def __init__(self, widths: tuple[int, int, int] = (12, 24, 48)):
        super().__init__()
        channels = (3, *widths)
        strides = ((1, 2, 2), (1, 1, 1), (1, 1, 1))
        self.blocks = nn.ModuleList(
            nn.Sequential(*_separated(inside, outside, (1, 1, 1), stride), nn.BatchNorm3d(outside))
            for inside, outside, stride in zip(channels, widths, strides, strict=False)
        )
        self.classifier = nn.Linear(widths[-1], 1)
        self.drop_rate = 0.2

    def forward_features(self, pixels: torch.Tensor) -> torch.Tensor:
        """(N, 3, 15, 112, 112) -> (N, 48, 9, 10, 10)."""
        maps = pixels
        for i, block in enumerate(self.blocks):
            maps = block(nn.functional.max_pool3d(maps, (1, 2, 2)) if i else maps)
        return maps

    def get_classifier(self) -> nn.Linear:
        return self.classifier

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        pooled = self.forward_features(pixels).mean((2, 3, 4))  # (N, C, T, h, w) -> (N, C)
        return self.classifier(nn.functional.dropout(pooled, self.drop_rate, self.training))


def build_face_tube(architecture: str) -> FaceTube:
    """The network of that name, randomly initialised."""
    return FaceTube()


def _convolved(inside: int, outside: int, kernel: int | Axes, stride: Axes) -> list[nn.Module]:
    return [nn.Conv3d(inside, outside, kernel, stride), nn.ELU()]


def _separated(inside: int, outside: int, last_stride: Axes, first_stride: Axes = (1, 1, 1)) -> list[nn.Module]:
    """One convolution along each axis: time, down, across."""
    return [
        *_convolved(inside, outside, _TIME, first_stride),
        *_convolved(outside, outside, _DOWN, (1, 1, 1)),
        *_convolved(outside, outside, _ACROSS, last_stride),
    ]


def _dense(flat: int, widths: tuple[int, ...], activation: type[nn.Module]) -> list[nn.Module]:
    layers: list[nn.Module] = [nn.Flatten()]
    for inside, outside in zip((flat, *widths), widths, strict=False):
        layers += [nn.Linear(inside, outside), activation()]
    return [*layers, nn.Linear(widths[-1], 2), nn.Softmax(1)]
