"""What variants can be compared by: what they cost, and what they are good for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model_zoo.families import FAMILIES, FAMILY_TITLES
from model_zoo.manifest import ELSEWHERE, MIN_CLIPS, Released

SPLIT = "test"
MILLISECONDS = "ms"  # the one cost that is measured, in the manifest and live


@dataclass(frozen=True)
class Axis:
    """One measure of a variant: what people call it, where it was measured, and its value, None where it was not.

    `sign` is 1 where more is better, else -1; `form` writes a value.
    """

    name: str
    title: str
    of: Callable[[Released], float | None]
    form: str = "{:.4f}"
    sign: int = 1


def _on_split(key: str) -> Callable[[Released], float | None]:
    return lambda row: row.metrics.get(SPLIT, {}).get(key)


def _family(family: str) -> Callable[[Released], float | None]:
    """The AUC on clips of a kind of forgery; of fewer than MIN_CLIPS none, for they decide nothing."""

    def auc(row: Released) -> float | None:
        measured = row.metrics.get(ELSEWHERE, {}).get("families", {}).get(family)
        return measured["auc"] if measured and measured["clips"] >= MIN_CLIPS else None

    return auc


def _false_alarms(row: Released) -> float | None:
    alarms = row.metrics.get(ELSEWHERE, {}).get("false_alarms")
    return alarms["called_fake"] / alarms["clips"] if alarms else None


_HELD_OUT = "on held-out clips of other sources"
GAINS: dict[str, Axis] = {
    "auc": Axis("AUC", f"AUC on the {SPLIT} split", _on_split("auc")),
    "accuracy": Axis("accuracy", f"accuracy on the {SPLIT} split", _on_split("accuracy")),
    ELSEWHERE: Axis(
        "AUC elsewhere", f"AUC elsewhere {_HELD_OUT}", lambda row: row.metrics.get(ELSEWHERE, {}).get("auc")
    ),
    **{
        f"{ELSEWHERE}_{family}": Axis(
            f"AUC, {FAMILY_TITLES[family]}", f"AUC at {FAMILY_TITLES[family]}, {_HELD_OUT}", _family(family)
        )
        for family in FAMILIES
    },
    "false_alarms": Axis(
        "false alarms", f"share of real clips called fake, {_HELD_OUT}: less is better", _false_alarms, "{:.1%}", -1
    ),
}
COSTS: dict[str, Axis] = {
    MILLISECONDS: Axis("ms per face", "milliseconds per face", lambda row: None, "{:.2f} ms per face", -1),
    "mb": Axis("MB", "size of the file, MB", lambda row: row.bytes / 1e6, "{:.2f} MB", -1),
    "params": Axis("parameters", "parameters, millions", lambda row: row.params / 1e6, "{:.2f} M parameters", -1),
    "macs": Axis(
        "MACs", "multiply-accumulates a face, millions", lambda row: row.macs / 1e6 or None, "{:.0f} M MACs", -1
    ),
}


def measured_gains(rows: Sequence[Released]) -> dict[str, Axis]:
    """Those of GAINS that any of the rows has."""
    return {key: axis for key, axis in GAINS.items() if any(axis.of(row) is not None for row in rows)}
