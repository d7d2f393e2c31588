"""What a detector in training is asked to agree with."""

import torch
from torch.nn import functional


def hard_loss(logits: torch.Tensor, labels: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
    """Binary cross-entropy of logits (N,) with labels (N,) in {0, 1}, moved towards 1/2 by `smoothing`."""
    return functional.binary_cross_entropy_with_logits(logits, labels * (1 - smoothing) + smoothing / 2)


def distillation_loss(
    logits: torch.Tensor, taught: torch.Tensor, labels: torch.Tensor, alpha: float, smoothing: float = 0.0
) -> torch.Tensor:
    """alpha x soft + (1 - alpha) x hard: Hinton et al., 2015, as Chua, SCSE23-0504, "KD Formulation", writes it.

    The soft loss is the binary cross-entropy of the student's logits (N,) with the teacher's probabilities,
    sigmoid(taught); `taught` (N,) are its logits and carry no gradient.
    """
    soft = functional.binary_cross_entropy_with_logits(logits, taught.detach().sigmoid())
    return alpha * soft + (1 - alpha) * hard_loss(logits, labels, smoothing)
