"""The device that trains, and how it is used."""

from contextlib import AbstractContextManager, nullcontext

import torch

from train.errors import BadRun


def device_named(name: str) -> torch.device:
    """`cpu` or `cuda`, set up for speed. Raises BadRun where there is no such device, or it cannot do bfloat16."""
    if name == "cpu":
        return torch.device("cpu")
    if name != "cuda":
        raise BadRun(f"no device {name!r}; there are cpu and cuda")
    if not torch.cuda.is_available():
        raise BadRun(f"torch {torch.__version__} sees no CUDA device; choose --device cpu")
    if not torch.cuda.is_bf16_supported(including_emulation=False):
        raise BadRun(f"{torch.cuda.get_device_name()} has no bfloat16; choose a newer one, or --device cpu")
    torch.set_float32_matmul_precision("high")  # TensorFloat-32
    torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    return torch.device("cuda", torch.cuda.current_device())


def autocast(device: torch.device) -> AbstractContextManager:
    """bfloat16 on CUDA; on a CPU nothing, since most have no units for it."""
    return torch.autocast("cuda", torch.bfloat16) if device.type == "cuda" else nullcontext()


def capacity_of(device: torch.device) -> int:
    """How many crops a reservoir keeps there: a tenth of a CUDA device's memory at 160 px, little on a CPU."""
    if device.type == "cpu":
        return 4096
    return torch.cuda.get_device_properties(device).total_memory // 10 // (160 * 160 * 3) // 128 * 128
