"""Where the time goes, and on which processor."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import numpy as np

from explorer.cores import usable_cores
from explorer.structures import Cpu, Spread

T = TypeVar("T")
_END = object()

INSTRUCTION_SETS = (
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "f16c",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "avx_vnni",
    "amx_int8",
    "amx_bf16",
    "asimd",
    "asimddp",
    "i8mm",
    "sve",
)


class StageTimer:
    """Adds up wall-clock time by stage."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time the body as part of `stage`."""
        start = perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] += perf_counter() - start

    def each(self, stage: str, values: Iterator[T]) -> Iterator[T]:
        """The values, with the time that is spent waiting for them."""
        while True:
            with self(stage):
                value = next(values, _END)
            if value is _END:
                return
            yield value

    def milliseconds(self) -> dict[str, float]:
        """Milliseconds by stage, in the order in which stages began."""
        return {stage: seconds * 1e3 for stage, seconds in self._seconds.items()}


def median_iqr(milliseconds: np.ndarray) -> Spread:
    """Median and interquartile range of repeated measurements (N,), in milliseconds."""
    low, median, high = np.percentile(milliseconds, [25, 50, 75])
    return Spread(float(median), float(high - low))


@cache
def cpu_facts() -> Cpu:
    """The processor, the cores in use and the instruction sets that matter to neural networks."""
    model, flags = linux_cpu() or _any_cpu()
    cores = usable_cores()
    return Cpu(model, cores, cores, tuple(name for name in INSTRUCTION_SETS if name in flags))


def linux_cpu(path: Path = Path("/proc/cpuinfo")) -> tuple[str, set[str]] | None:
    """Model and flags as Linux states them; None where it does not, as on ARM, which has no model's name there."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return None
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return (facts["model name"], set(facts["flags"].split())) if facts.keys() >= {"model name", "flags"} else None


def _any_cpu() -> tuple[str, set[str]]:
    """Model and flags on any system."""
    import cpuinfo  # it starts a process that measures for a second: where there is no quicker way

    facts = cpuinfo.get_cpu_info()
    return facts.get("brand_raw", "unknown"), set(facts.get("flags", ()))
