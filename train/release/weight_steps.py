"""How fine int8 weights may be on processors that add pairs of their products in 16 bits."""

import torch
from torch.nn import functional

WEIGHTS = (-127, 127)  # int8, symmetric per output channel
MAX_PAIR = 127  # |w1| + |w2|: processors without VNNI add 255 x w1 + 255 x w2 in 16 bits, and above it that saturates


def weight_step(kernel: torch.Tensor) -> torch.Tensor:
    """The smallest step (O,) of a kernel (O, I, h, w) with which no two neighbouring weights together pass MAX_PAIR.

    Engines walk through a kernel by input channels first or last; the neighbours of either order count. Depthwise
    kernels are multiplied one by one.
    """
    size = kernel.abs()
    largest = size.flatten(1).amax(1)
    bounds = [largest / WEIGHTS[1]]
    if kernel.shape[1] > 1:
        orders = (
            size.flatten(1),
            size.movedim(1, 3).flatten(1),
            functional.pad(size.movedim(1, 3), (0, -size.shape[1] % 4)),
        )
        bounds += [_pairs(order.flatten(1)).amax(1) / MAX_PAIR for order in orders]
    return torch.stack(bounds).amax(0).clamp_min(1e-8)


def _pairs(size: torch.Tensor) -> torch.Tensor:
    """(O, K) -> (O, K / 2, rounded up): sums of neighbours."""
    return functional.pad(size, (0, size.shape[1] % 2)).unflatten(1, (-1, 2)).sum(2)
