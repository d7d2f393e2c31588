"""How many bytes values take in memory."""

import sys
from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel


def size_of(*values: Any) -> int:
    """Bytes of values and of all that they hold, each thing once; arrays that are views count what they keep alive.

    Of other objects than containers, arrays, dataclasses and pydantic's models, their own size alone.
    """
    total, seen, left = 0, set[int](), list(values)
    while left:
        value = left.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        total += sys.getsizeof(value)
        if isinstance(value, str | bytes | bytearray | int | float):
            continue
        if isinstance(value, np.ndarray):
            left += [] if value.base is None else [value.base]
        elif isinstance(value, Mapping):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple | set | frozenset):
            left += value
        elif isinstance(value, BaseModel) or (is_dataclass(value) and not isinstance(value, type)):
            left += [getattr(value, "__dict__", {})]
    return total
