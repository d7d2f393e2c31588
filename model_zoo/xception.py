"""Xception with one logit, built by timm (Chollet, CVPR 2017), the yardstick of FaceForensics++."""

import timm
from torch import nn

XCEPTIONS = ("legacy_xception",)
EPSILON = 1e-3  # Keras' of batch norms, with which its ImageNet trunk was trained


def build_xception(architecture: str) -> nn.Module:
    """A network (N, 3, S, S) float32 in [-1, 1] -> (N, 1) logits, randomly initialised."""
    network = timm.create_model(architecture, pretrained=False, num_classes=1)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.eps = EPSILON
    return network
