"""What a face crop may go through before training sees it."""

import torch
from torch import nn
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional


class Downscale(nn.Module):
    """Shrink to a random side between `smallest` and the crop's own, and back: the softness of a small face."""

    def __init__(self, smallest: int):
        super().__init__()
        self.smallest = smallest

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """(3, S, S) uint8 -> (3, S, S) uint8."""
        side = crop.shape[-1]
        small = int(torch.randint(self.smallest, side, ()))
        return functional.resize(functional.resize(crop, [small, small]), [side, side])


def augmentation(size: int) -> v2.Compose:
    """(3, H, W) uint8 -> (3, size, size) uint8, drawn from torch's global generator."""
    return v2.Compose(
        [
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.RandomRotation(10, v2.InterpolationMode.BILINEAR)], p=0.2),
            v2.RandomResizedCrop(size, scale=(0.7, 1.0), ratio=(0.9, 1.1)),
            v2.RandomApply([v2.ColorJitter(0.25, 0.25, 0.25, 0.04)], p=0.5),
            v2.RandomGrayscale(0.05),
            v2.RandomApply([Downscale(size * 2 // 5)], p=0.25),
            v2.RandomApply([v2.GaussianBlur(5, (0.3, 1.5))], p=0.1),
            v2.RandomApply([v2.JPEG((30, 95))], p=0.5),
        ]
    )
