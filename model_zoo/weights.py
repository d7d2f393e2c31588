"""Network weights as safetensors, checked before use."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from model_zoo.errors import BadWeights
from model_zoo.files import check_sha256, sha256_of


def save_weights(network: nn.Module, path: Path) -> str:
    """Write the network's state and return its sha256.

    Kernels are stored in half precision, vectors (biases, batch-norm statistics) in full: the released weights *are*
    the stored ones, so metrics are measured after a reload.
    """
    state = network.state_dict()
    _check_finite(state, path)
    halved = {key: _storable(value) for key, value in state.items()}
    _check_finite(halved, path)  # a value beyond 65504 overflows in half precision
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(halved, path, metadata={"format": "pt"})
    return sha256_of(path)


def load_weights(network: nn.Module, path: Path, sha256: str | None = None) -> nn.Module:
    """Fill the network from a safetensors file and return it in eval mode.

    Raises BadWeights, naming file and cause, where the file is missing, is not the one with this sha256,
    is not safetensors, holds a value that is not finite, or does not fit the network key by key.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise BadWeights(f"{path.name}: only .safetensors files are loaded, never pickled ones")
    check_sha256(path, sha256)
    try:
        state = load_file(path)
    except (OSError, SafetensorError) as error:
        raise BadWeights(f"{path.name}: not a valid safetensors file ({error})") from error
    _check_finite(state, path)
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        reason = " ".join(str(error).split())[:300]
        raise BadWeights(f"{path.name}: does not fit {type(network).__name__} ({reason})") from error
    return network.eval()


def _storable(value: torch.Tensor) -> torch.Tensor:
    kernel = value.is_floating_point() and value.ndim > 1
    return (value.half() if kernel else value).contiguous().clone()


def _check_finite(state: dict[str, torch.Tensor], path: Path) -> None:
    broken = [key for key, value in state.items() if not torch.isfinite(value).all()]
    if broken:
        raise BadWeights(f"{Path(path).name}: {broken[0]} holds values that are not finite")
