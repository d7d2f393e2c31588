"""A dense network narrowed to recorded widths."""

from collections.abc import Mapping

import torch
from timm.models._prune import adapt_model_from_string
from torch import nn

Widths = dict[str, list[int]]


def widths_of(state: Mapping[str, torch.Tensor]) -> Widths:
    """The shapes of a state dict's weights, by layer: all that is needed to narrow a dense network to it."""
    return {key.removesuffix(".weight"): list(value.shape) for key, value in state.items() if key.endswith(".weight")}


def narrow(network: nn.Module, widths: Widths) -> nn.Module:
    """A copy of timm's dense network in which every layer has its recorded width; weights are random, mode is kept.

    Raises ValueError where a layer is not recorded or no layer of that kind can have such a shape.
    """
    training = network.training  # timm's function puts both networks into eval mode
    try:
        recorded = "***".join(f"{layer}.weight:{list(map(int, shape))}" for layer, shape in widths.items())
        narrowed = adapt_model_from_string(network, recorded)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ValueError(f"the recorded widths do not fit {type(network).__name__}: {error!r}") from error
    network.train(training)
    return narrowed.train(training)
