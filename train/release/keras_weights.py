"""MesoNet's Keras weights read into our networks of the same layers."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from model_zoo.errors import BadWeights
from model_zoo.mesonet import Inception, MesoNet

_KINDS = {"conv2d": nn.Conv2d, "batch_normalization": nn.BatchNorm2d, "dense": nn.Linear}
_NAMES = {  # Keras' name of a tensor -> ours
    "kernel:0": "weight",
    "bias:0": "bias",
    "gamma:0": "weight",
    "beta:0": "bias",
    "moving_mean:0": "running_mean",
    "moving_variance:0": "running_var",
}
Layers = Mapping[str, Mapping[str, np.ndarray]]  # by layer and name of the tensor


def read_layers(path: Path) -> Layers:
    """The layers of a Keras weights file, by h5py. Raises BadWeights for what is none."""
    import h5py

    layers: dict[str, dict[str, np.ndarray]] = {}

    def keep(place: str, stored: object) -> None:
        if isinstance(stored, h5py.Dataset):
            layer, *_, tensor = place.split("/")
            layers.setdefault(layer, {})[tensor] = np.asarray(stored)

    try:
        with h5py.File(path) as file:
            file.visititems(keep)
    except OSError as error:
        raise BadWeights(f"{path.name}: no readable Keras weights ({error})") from error
    return layers


def fill(network: MesoNet, layers: Layers, name: str) -> MesoNet:
    """Give the network the weights of layers, which Keras numbers in the order in which they were built.

    Raises BadWeights, naming the file, the layer and both shapes, where they do not fit; nothing is filled then.
    """
    state = network.state_dict()
    left = set(state)
    places = {place: network.get_submodule(place) for place in built(network)}
    for prefix, kind in _KINDS.items():
        theirs = sorted((layer for layer in layers if re.fullmatch(rf"{prefix}_\d+", layer)), key=_number)
        ours = [place for place, layer in places.items() if isinstance(layer, kind)]
        if len(theirs) != len(ours):
            raise BadWeights(f"{name}: {len(theirs)} layers {prefix}, the network has {len(ours)}")
        for layer, place in zip(theirs, ours, strict=True):
            for tensor, values in sorted(layers[layer].items(), key=lambda each: -each[1].ndim):  # kernels first
                key = f"{place}.{_NAMES[tensor]}"
                turned = torch_tensor(values)
                if turned.shape != state[key].shape:
                    shapes = f"{tuple(turned.shape)}, the network's {place} wants {tuple(state[key].shape)}"
                    raise BadWeights(f"{name}: layer {layer} has {tensor.removesuffix(':0')} {shapes}")
                state[key] = turned
                left.discard(key)
    if lacking := sorted(key for key in left if not key.endswith("num_batches_tracked")):
        raise BadWeights(f"{name}: no weights for {', '.join(lacking[:3])}")
    network.load_state_dict(state)
    return network


def built(network: MesoNet) -> Iterator[str]:
    """The paths of the layers that hold weights, in the order in which the authors built them."""
    for name, layer in network.named_children():
        if isinstance(layer, Inception):
            yield f"{name}.point"
            for branch in range(len(layer.reduced)):
                yield from (f"{name}.reduced.{branch}", f"{name}.dilated.{branch}")
        else:
            yield name


def _number(layer: str) -> int:
    return int(layer.rpartition("_")[2])


def torch_tensor(values: np.ndarray) -> torch.Tensor:
    """Kernels (h, w, in, out) and (in, out) as torch has them: (out, in, h, w) and (out, in)."""
    order = {4: (3, 2, 0, 1), 2: (1, 0)}.get(values.ndim)
    return torch.from_numpy(np.ascontiguousarray(values.transpose(order) if order else values)).float()
