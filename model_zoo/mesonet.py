"""MesoNet: Meso-4 and MesoInception-4, small networks that look at 256 px faces (Afchar et al., WIFS 2018)."""

import torch
from torch import nn
from torch.nn import functional

MESONETS = ("meso4", "mesoinception4")
_EPSILON = 1e-3  # Keras' of batch norms


class Inception(nn.Module):
    """Four branches side by side, (N, C, h, w) -> (N, a + b + c + d, h, w): their kernels see 1, 3, 5 and 7 pixels."""

    def __init__(self, channels: int, a: int, b: int, c: int, d: int):
        super().__init__()
        self.point = _convolution(channels, a, 1)
        self.reduced = nn.ModuleList(_convolution(channels, width, 1) for width in (b, c, d))
        self.dilated = nn.ModuleList(
            _convolution(width, width, 3, dilation) for dilation, width in enumerate((b, c, d), 1)
        )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        branches = [functional.relu(self.point(maps))]
        for reduce, look in zip(self.reduced, self.dilated, strict=True):
            branches.append(functional.relu(look(functional.relu(reduce(maps)))))
        return torch.cat(branches, 1)


class MesoNet(nn.Module):
    """Four convolutions, each with a batch norm and a maximum, then two linear layers: (N, 3, 256, 256) -> (N, 1).

    As its authors' weights want it: the output speaks for real, and the flattened maps are ordered as Keras' are.
    """

    def __init__(self, first: nn.Module, second: nn.Module, widths: tuple[int, int]):
        super().__init__()
        self.conv1, self.conv2 = first, second
        self.conv3, self.conv4 = _convolution(widths[1], 16, 5), _convolution(16, 16, 5)
        self.bn1, self.bn2, self.bn3, self.bn4 = (nn.BatchNorm2d(n, eps=_EPSILON) for n in (*widths, 16, 16))
        self.dense, self.classifier = nn.Linear(1024, 16), nn.Linear(16, 1)
        self.drop_rate = 0.5

    def forward_features(self, pixels: torch.Tensor) -> torch.Tensor:
        """(N, 3, 256, 256) -> (N, 16, 32, 32): what the last maximum is taken of."""
        maps = pixels
        for stage, (convolve, normalise) in enumerate(
            zip((self.conv1, self.conv2, self.conv3, self.conv4), (self.bn1, self.bn2, self.bn3, self.bn4), strict=True)
        ):
            maps = functional.max_pool2d(maps, 2) if stage else maps
            maps = normalise(functional.relu(convolve(maps)))
        return maps

    def get_classifier(self) -> nn.Linear:
        return self.classifier

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        maps = functional.max_pool2d(self.forward_features(pixels), 4)  # (N, 16, 8, 8)
        flat = maps.permute(0, 2, 3, 1).flatten(1)
        hidden = functional.leaky_relu(self.dense(self._dropped(flat)), 0.1)
        return self.classifier(self._dropped(hidden))

    def _dropped(self, features: torch.Tensor) -> torch.Tensor:
        return functional.dropout(features, self.drop_rate, self.training)


def build_mesonet(architecture: str) -> MesoNet:
    """A network (N, 3, 256, 256) float32 in [0, 1] -> (N, 1) logits that speak for real, randomly initialised."""
    if architecture == "meso4":
        return MesoNet(_convolution(3, 8, 3), _convolution(8, 8, 5), (8, 8))
    return MesoNet(Inception(3, 1, 4, 4, 2), Inception(11, 2, 4, 4, 2), (11, 12))


def _convolution(inside: int, outside: int, side: int, dilation: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inside, outside, side, padding=dilation * (side // 2), dilation=dilation)
