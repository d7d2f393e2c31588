"""What a student is shown, and who teaches it."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import nn
from torch.nn import functional

from model_zoo.detector import Detector

SMALLEST, LARGEST = 0.5, 0.95  # of the side, to which a softened crop is scaled down


class Teachers(nn.Module):
    """Several detectors whose logits are averaged."""

    def __init__(self, detectors: Sequence[Detector]):
        super().__init__()
        self.detectors = nn.ModuleList(detectors)

    def score(self, crops: torch.Tensor) -> torch.Tensor:
        """(N, S, S, 3) uint8 -> (N,) logits."""
        return torch.stack([cast(Detector, each).score(crops) for each in self.detectors]).mean(0)


def softened(crops: torch.Tensor, share: float, seed: int) -> torch.Tensor:
    """Crops (N, S, S, 3) uint8, pair after pair, a share of the pairs scaled down to one drawn side and up again.

    The teacher is shown them sharp: how sharp a picture is must not change what is said of it (consistency: Sohn et
    al., FixMatch, 2020, section 2, whose weak view gives the label of the strong one).
    """
    if not share:
        return crops
    generator = torch.Generator().manual_seed(seed)
    side = crops.shape[1]
    small_side = int(side * (SMALLEST + (LARGEST - SMALLEST) * float(torch.rand(1, generator=generator))))
    chosen = (torch.rand(len(crops) // 2, generator=generator) < share).repeat_interleave(2).to(crops.device)
    part = crops[chosen].permute(0, 3, 1, 2).float()
    if not len(part):
        return crops
    small = functional.interpolate(part, (small_side, small_side), mode="bilinear", antialias=True)
    whole = functional.interpolate(small, (side, side), mode="bicubic").clamp(0, 255).round()
    out = crops.clone()
    out[chosen] = whole.to(torch.uint8).permute(0, 2, 3, 1)
    return out
