"""How many cores this process may use."""

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
CORES = "EXPLORER_CORES"  # the variable that says how many of them this process is to use


def usable_cores() -> int:
    """Cores of the process's affinity, of the container's quota where one is set, and of EXPLORER_CORES."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = QUOTA.read_text().split()
        cores = min(cores, max(int(quota) // int(period), 1)) if quota != "max" else cores
    except (OSError, ValueError):
        pass  # no cgroup v2 here
    named = os.environ.get(CORES, "")
    return max(min(cores, int(named)), 1) if named.isdecimal() else cores
