"""The processor that times are measured on."""

from functools import cache
from pathlib import Path

from explorer.cores import usable_cores
from explorer.structures import Cpu

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
