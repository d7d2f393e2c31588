"""EfficientNet trunks with one logit, built by timm."""

import timm
from torch import nn

EFFICIENTNETS = ("efficientnet_b0", "efficientnet_lite0")


def build_efficientnet(architecture: str) -> nn.Module:
    """A network (N, 3, S, S) float32 -> (N, 1) logits, randomly initialised (Tan & Le, ICML 2019)."""
    return timm.create_model(architecture, pretrained=False, num_classes=1)
