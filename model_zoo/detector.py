"""The exported graph: uint8 face crops in, logits and evidence maps out."""

from typing import Any

import torch
from torch import nn
from torch.nn import functional


class Detector(nn.Module):
    """A trunk with pooling and one linear output, wrapped so that every engine takes the same uint8 crops.

    The class activation map (Zhou et al., CVPR 2016, section 2) comes for free: with global average pooling,
    `logit = mean(conv1x1(features)) + b`. The bias is spread over the map, so `evidence.mean((1, 2)) == logit`.
    """

    def __init__(self, network: nn.Module, mean: float = 0.5, std: float = 0.5):
        super().__init__()
        self.network: Any = network  # timm's: forward_features, get_classifier
        self.mean = mean
        self.std = std

    def normalise(self, crops: torch.Tensor) -> torch.Tensor:
        """(N, S, S, 3) uint8 -> (N, 3, S, S) float32 in channels_last memory."""
        pixels = crops.permute(0, 3, 1, 2).to(torch.float32)
        return (pixels - 255.0 * self.mean) / (255.0 * self.std)

    def score(self, crops: torch.Tensor) -> torch.Tensor:
        """(N, S, S, 3) uint8 -> (N,) logits: the path that is trained, dropout included."""
        return self.network(self.normalise(crops)).squeeze(1)

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, S, S, 3) uint8 -> logits (N,) and evidence (N, h, w), both in logit units; positive speaks for fake."""
        features = self.network.forward_features(self.normalise(crops))  # (N, C, h, w)
        head = self.network.get_classifier()
        evidence = functional.conv2d(features, head.weight[:, :, None, None], head.bias).squeeze(1)
        return evidence.mean((1, 2)), evidence
