"""The exported graph: uint8 face crops in, logits and, where the head gives them, evidence maps out."""

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from model_zoo.architectures import ARCHITECTURES, Architecture


class Detector(nn.Module):
    """A network of one logit, wrapped so that every engine takes the same uint8 crops.

    Of a trunk with pooling and one linear output the class activation map (Zhou et al., CVPR 2016, section 2) comes for
    free: `logit = mean(conv1x1(features)) + b`. The bias is spread over the map, so `evidence.mean((1, 2)) == logit`.
    """

    def __init__(
        self,
        network: nn.Module,
        mean: float = 0.5,
        std: float = 0.5,
        turned: bool = False,
        kind: Architecture = ARCHITECTURES["efficientnet_lite0"],
    ):
        super().__init__()
        self.network: Any = network  # timm's: forward_features, get_classifier
        self.mean = mean
        self.std = std
        self.turned = turned  # the network's own output speaks for real
        self.kind = kind

    def normalise(self, crops: torch.Tensor) -> torch.Tensor:
        """(N, S, S, 3) uint8 -> (N, 3, S, S) float32 in channels_last memory; (N, T, S, S, 3) -> (N, 3, T, S, S)."""
        pixels = crops.movedim(crops.dim() - 1, 1).to(torch.float32)
        return (pixels - 255.0 * self.mean) / (255.0 * self.std)

    def score(self, crops: torch.Tensor) -> torch.Tensor:
        """uint8 crops, (N, S, S, 3) or (N, T, S, S, 3) -> (N,) logits: the path that is trained, dropout included."""
        return self._for_fake(self.network(self.normalise(crops)).squeeze(1))

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """uint8 crops -> logits (N,) and evidence (N, h, w), or (N, T', h, w) of slices; positive speaks for fake.

        Both are in logit units.

        The logits alone where the head gives no map.
        """
        if not self.kind.evidence:
            return (self.score(crops),)
        features = self.network.forward_features(self.normalise(crops))  # (N, C, h, w)
        head = self.network.get_classifier()
        if features.ndim == 5:  # (N, C, T, h, w)
            evidence = functional.conv3d(features, head.weight[:, :, None, None, None], head.bias).squeeze(1)
        else:
            evidence = functional.conv2d(features, head.weight[:, :, None, None], head.bias).squeeze(1)
        evidence = self._for_fake(evidence)
        return evidence.mean(tuple(range(1, evidence.ndim))), evidence

    def _for_fake(self, output: torch.Tensor) -> torch.Tensor:
        return -output if self.turned else output  # a factor of one would be a node in every graph
