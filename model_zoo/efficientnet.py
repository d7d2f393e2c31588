"""EfficientNet trunks with one logit, built by timm."""

from typing import Any

import timm
import torch
from torch import nn

# Tan & Le, ICML 2019: the side of the pictures, in pixels, that each was scaled for.
RESOLUTIONS = {"b0": 224, "b1": 240, "b2": 260, "b3": 300, "b4": 380, "b5": 456, "b6": 528, "b7": 600}
SOFTMAX = "_softmax"  # ends the name of an architecture whose head has two nodes
EFFICIENTNETS = (
    *(f"efficientnet_{name}" for name in RESOLUTIONS),
    *(f"efficientnet_lite{n}" for n in range(3)),
    f"efficientnet_lite0{SOFTMAX}",
)


class TwoNodes(nn.Linear):
    """A head of two nodes with softmax, as one logit: softmax(z)[1] is the sigmoid of z[1] - z[0]."""

    def __init__(self, features: int):
        super().__init__(features, 2)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(N, C) -> (N, 1): the second node, which is fake, less the first."""
        nodes = super().forward(features)
        return nodes[:, 1:] - nodes[:, :1]

    def as_one(self) -> nn.Linear:
        """The linear layer of one output that says the same."""
        one = nn.Linear(self.in_features, 1)
        with torch.no_grad():
            one.weight.copy_(self.weight[1:] - self.weight[:1])
            one.bias.copy_(self.bias[1:] - self.bias[:1])
        return one


def build_efficientnet(architecture: str) -> nn.Module:
    """A network (N, 3, S, S) float32 -> (N, 1) logits, randomly initialised (Tan & Le, ICML 2019)."""
    network: Any = timm.create_model(architecture.removesuffix(SOFTMAX), pretrained=False, num_classes=1)
    if architecture.endswith(SOFTMAX):
        network.classifier = TwoNodes(network.classifier.in_features)
    return network
