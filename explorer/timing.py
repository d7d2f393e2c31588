"""Where the time goes, and on which processor."""

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import perf_counter

import cpuinfo
import numpy as np

from explorer.structures import Cpu, Spread

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

    def milliseconds(self) -> dict[str, float]:
        """Milliseconds by stage, in the order in which stages began."""
        return {stage: seconds * 1e3 for stage, seconds in self._seconds.items()}


def spread(milliseconds: np.ndarray) -> Spread:
    """Median and interquartile range of repeated measurements (N,), in milliseconds."""
    low, median, high = np.percentile(milliseconds, [25, 50, 75])
    return Spread(float(median), float(high - low))


def usable_cores() -> int:
    """Cores this process may use: its affinity, and the container's quota where one is set."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        cores = min(cores, max(int(quota) // int(period), 1)) if quota != "max" else cores
    except (OSError, ValueError):
        pass  # no cgroup v2 here
    return cores


@cache
def cpu_facts() -> Cpu:
    """The processor, the cores in use and the instruction sets that matter to neural networks."""
    facts = cpuinfo.get_cpu_info()
    flags = set(facts.get("flags", ()))
    cores = usable_cores()
    return Cpu(
        facts.get("brand_raw", "unknown"), cores, cores, tuple(name for name in INSTRUCTION_SETS if name in flags)
    )
