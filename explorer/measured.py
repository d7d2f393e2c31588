"""What was measured of a variant, beyond its own data set, as cells of a table."""

from collections.abc import Mapping
from typing import Any

from model_zoo.families import FAMILIES, FAMILY_TITLES
from model_zoo.manifest import CORRUPTED, ELSEWHERE, LATENCY, MIN_CLIPS, Released

NOT_MEASURED = "-"
COLUMNS = (
    "MB",
    "parameters",
    "MACs",
    "ms, 1 face",
    "ms, of 16",
    "DFDC AUC",
    *(FAMILY_TITLES[family] for family in FAMILIES),
    "live swaps, paired",
    "false alarms",
    "ECE, DFDC",
    "ECE, elsewhere",
    "AUC at crf 40",
)


def cells(row: Released) -> list[str]:
    """COLUMNS of a variant: elsewhere stands for the held-out clips, AUC with its 95 % interval and their number."""
    cost, test, elsewhere = (row.metrics.get(key, {}) for key in (LATENCY, "test", ELSEWHERE))
    families, compressed = elsewhere.get("families", {}), row.metrics.get(CORRUPTED, {}).get("h264_crf40", {})
    return [
        f"{row.bytes / 1e6:.2f}",
        f"{row.params / 1e6:.2f} M",
        f"{row.macs / 1e6:.0f} M",
        *(_number(cost, key, 1) for key in ("batch_1_ms", "batch_16_ms")),
        _number(test, "auc", 4),
        *(auc_cell(families.get(family)) for family in FAMILIES),
        paired_cell(elsewhere.get("live_swaps")),
        alarms_cell(elsewhere),
        _number(test, "ece", 3),
        _number(elsewhere, "ece", 3),
        _number(compressed, "auc", 3),
    ]


def auc_cell(measured: Mapping[str, Any] | None, of: str = "clips") -> str:
    """AUC, interval and the number of clips; of fewer than decide anything, the number alone."""
    if not measured:
        return NOT_MEASURED
    count = f"{measured[of]} clips"
    if measured[of] < MIN_CLIPS:
        return count
    low, high = measured["auc_interval"]
    return f"{measured['auc']:.2f} ({low:.2f}-{high:.2f}, {count})"


def paired_cell(measured: Mapping[str, Any] | None) -> str:
    """The same of fakes beside their originals."""
    return auc_cell(measured, "pairs").replace("clips", "pairs")


def alarms_cell(measured: Mapping[str, Any]) -> str:
    """How many real clips of how many were called fake."""
    alarms = measured.get("false_alarms")
    return f"{alarms['called_fake']} of {alarms['clips']}" if alarms else NOT_MEASURED


def _number(measured: Mapping[str, Any], key: str, digits: int) -> str:
    return f"{measured[key]:.{digits}f}" if key in measured else NOT_MEASURED
