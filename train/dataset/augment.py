"""What a face crop may go through before training sees it, each kind by name."""

from collections.abc import Callable, Sequence

import torch
from torch import nn
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from train.errors import BadRecipe


class Downscale(nn.Module):
    """Shrink to a random side, at least `smallest` of the crop's own, and back: the softness of a small face."""

    def __init__(self, smallest: float):
        super().__init__()
        self.smallest = smallest

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """(3, S, S) uint8 -> (3, S, S) uint8."""
        side = crop.shape[-1]
        small = int(torch.randint(int(side * self.smallest), side, ()))
        return functional.resize(functional.resize(crop, [small, small]), [side, side])


class Noise(nn.Module):
    """A dark camera's grain: Gaussian noise of a random spread of up to `largest` grey levels."""

    def __init__(self, largest: float):
        super().__init__()
        self.largest = largest

    def forward(self, crop: torch.Tensor) -> torch.Tensor:
        """(3, S, S) uint8 -> (3, S, S) uint8."""
        grain = torch.randn(crop.shape) * (self.largest * torch.rand(()))
        return (crop + grain).round_().clamp_(0, 255).to(torch.uint8)


KINDS: dict[str, Callable[[], nn.Module]] = {  # in the order in which a camera and an upload would apply them
    "flip": v2.RandomHorizontalFlip,
    "rotation": lambda: v2.RandomApply([v2.RandomRotation(10, v2.InterpolationMode.BILINEAR)], p=0.2),
    "colour": lambda: v2.RandomApply([v2.ColorJitter(0.25, 0.25, 0.25, 0.04)], p=0.4),
    "gray": lambda: v2.RandomGrayscale(0.05),
    "downscale": lambda: v2.RandomApply([Downscale(0.4)], p=0.2),
    "blur": lambda: v2.RandomApply([v2.GaussianBlur(5, (0.3, 1.5))], p=0.1),
    "noise": lambda: v2.RandomApply([Noise(8)], p=0.1),
    "jpeg": lambda: v2.RandomApply([v2.JPEG((30, 95))], p=0.4),
    "cutout": lambda: v2.RandomErasing(p=0.1, scale=(0.02, 0.12), value=127),
}


def augmentation(size: int, kinds: Sequence[str], zoom: tuple[float, float] | None = None) -> v2.Compose:
    """(3, H, W) uint8 -> (3, size, size) uint8, drawn from torch's global generator.

    `kinds` names what is switched on; `zoom` is the range of the share of the crop's area that is seen, None for all
    of it. Raises BadRecipe for a kind that does not exist.
    """
    unknown = set(kinds) - set(KINDS)
    if unknown:
        raise BadRecipe(f"no augmentation named {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
    seen = v2.RandomResizedCrop(size, scale=zoom, ratio=(0.9, 1.1)) if zoom else v2.Resize([size, size])
    return v2.Compose([seen, *(KINDS[kind]() for kind in KINDS if kind in kinds)])
