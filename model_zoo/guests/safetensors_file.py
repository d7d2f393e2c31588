"""The header of a safetensors file: what lies in it, without loading anything."""

from math import prod
from pathlib import Path

from safetensors import SafetensorError, safe_open

from model_zoo.errors import BadGuest


def sizes_of(path: Path) -> dict[str, int]:
    """How many numbers each tensor holds. Raises BadGuest where the file is none of safetensors'."""
    try:
        with safe_open(path, "numpy") as file:
            return {name: prod(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118  # no mapping
    except (OSError, SafetensorError) as error:
        raise BadGuest(f"{path.name} is no valid safetensors file ({error})") from error
