"""Structured pruning: whole channels removed, those whose loss would be missed least first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import torch
import torch_pruning as tp
from torch import nn

from model_zoo.detector import Detector
from train.errors import BadRun
from train.trainer.losses import hard_loss

ROUND_TO = 8  # channels; CPU kernels work on multiples of eight
TRACED = 64  # pixels; how layers depend on each other is the same at any size
TOLERANCE = 0.01  # how far the reached share of removed channels may lie from the one asked for


@dataclass(frozen=True)
class Pruned:
    """What a pruning step did: parameters before and after, and the share of the dense network's channels now gone."""

    params_before: int
    params_after: int
    ratio: float

    def __str__(self) -> str:
        return f"{self.params_before:,} -> {self.params_after:,} parameters, {self.ratio:.1%} of the channels removed"


def prune(
    detector: Detector,
    ratio: float,
    dense_channels: int,
    batches: Iterable[tuple[torch.Tensor, torch.Tensor]],
    size: int,
    scope: str = "global",
) -> Pruned:
    """Remove channels in place until `ratio` of `dense_channels` is gone, within TOLERANCE; widths stay multiples of 8.

    The importance of a group of coupled channels is its first-order Taylor term (Molchanov et al., CVPR 2019, section
    3.1, for groups: Fang et al., CVPR 2023, section 3.2), from the gradients of the loss on `batches` of crops
    (N, S, S, 3) uint8 and labels (N,). Ranked in one list ("global") or layer by layer ("local"). Raises BadRun where
    nothing was pruned or the ratio is out of reach.
    """
    network = detector.network
    before = count_parameters(network)
    was_training = detector.training
    detector.eval()  # the importance is that of the network that will be judged: no dropout, settled batch norms
    _gather_gradients(detector, batches)
    device = next(detector.parameters()).device
    detector.cpu()  # Torch-Pruning follows one small crop through the network dozens of times
    excess = channels_of(detector, size) - round(dense_channels * (1 - ratio))
    for group in _weakest(network, excess, dense_channels, size, scope):
        group.prune()
    detector.zero_grad(set_to_none=True)
    reached = 1 - channels_of(detector, size) / dense_channels
    detector.train(was_training).to(device)
    pruned = Pruned(before, count_parameters(network), reached)
    if pruned.params_after >= before:
        raise BadRun(f"pruning to {ratio:.0%} removed nothing ({pruned}); choose a larger ratio, or a trained network")
    if abs(reached - ratio) > TOLERANCE:
        raise BadRun(f"pruning reached {reached:.1%} instead of {ratio:.1%} ({pruned}); choose another ratio or scope")
    return pruned


def channels_of(detector: Detector, size: int) -> int:
    """How many channels there are to prune: one count for channels that only leave together; the logit's stays."""
    return _pruner(detector.network, 0.0, size, "global").initial_total_channels


def count_parameters(network: nn.Module) -> int:
    """Parameters of a network, batch-norm statistics not counted."""
    return sum(parameter.numel() for parameter in network.parameters())


def _gather_gradients(detector: Detector, batches: Iterable[tuple[torch.Tensor, torch.Tensor]]) -> None:
    detector.zero_grad()
    for crops, labels in batches:
        hard_loss(detector.score(crops), labels).backward()  # gradients add up over the batches
    kernels = [p for p in detector.parameters() if p.ndim == 4]
    if not any(p.grad is not None and bool(p.grad.any()) for p in kernels):
        raise BadRun("no gradient reaches the network, so no channel can be ranked; prune a trained network")


class _Taylor(tp.importance.GroupTaylorImportance):
    """Torch-Pruning's importance, in units of the loss and without ties.

    By default it scales each layer's importances to a mean of 1, so that a layer of which nothing can be missed ranks
    like any other; unscaled, one ranking over all layers compares like with like. And it removes all channels that
    rank as low as the last one to go, while a trained Lite0 has hundreds of dead ones whose importance is exactly 0.
    """

    def __init__(self) -> None:
        super().__init__(normalizer=None)

    def __call__(self, group: tp.Group) -> torch.Tensor | None:
        ranked = super().__call__(group)
        return None if ranked is None else ranked + 1e-12 * torch.arange(len(ranked))


class _Pruner(tp.BasePruner):
    """Torch-Pruning's pruner, rounding a width to the nearest multiple instead of down, and never to nothing.

    Rounding down takes up to seven channels more from every layer than the ranking says, so that small ratios are out
    of reach.
    """

    def _round_to(self, n_pruned: int, current_channels: int, round_to: int) -> int:
        return current_channels - max(round((current_channels - n_pruned) / round_to), 1) * round_to


def _pruner(network: Any, ratio: float, size: int, scope: str) -> tp.BasePruner:
    return _Pruner(
        network,
        torch.zeros(1, 3, min(size, TRACED), min(size, TRACED)),
        _Taylor(),
        global_pruning=scope == "global",
        pruning_ratio=ratio,
        ignored_layers=[network.get_classifier()],
        round_to=ROUND_TO,
    )


def _weakest(network: nn.Module, excess: int, dense: int, size: int, scope: str) -> list:
    """The groups to prune so that `excess` channels go, or as near as steps of ROUND_TO allow.

    Rounding makes Torch-Pruning remove more or less than it is asked to: what to ask for is searched by bisection.
    """
    present = _pruner(network, 0.0, size, scope).initial_total_channels
    low, high, best, nearest = 0.0, min(2 * excess / present, 1.0), [], excess
    for _ in range(12):
        asked = (low + high) / 2
        groups = list(_pruner(network, asked, size, scope).step(interactive=True))
        removed = sum(len(group[0].idxs) for group in groups)
        if abs(removed - excess) < nearest:
            best, nearest = groups, abs(removed - excess)
        if nearest <= TOLERANCE / 4 * dense:
            break
        low, high = (asked, high) if removed < excess else (low, asked)
    return best
