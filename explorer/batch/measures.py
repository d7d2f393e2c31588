"""What labels make of a table of rows: how good each variant was on these clips, in all and by family."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from explorer.batch.labels import FAMILY, LABEL
from explorer.exports.scores import P_FAKE, Row
from model_zoo.intervals import Estimate
from model_zoo.metrics import FAKE, REAL, estimates

ALL = "all"
NAMES = {  # measure -> its heading
    "auc": "AUC",
    "accuracy": "accuracy",
    "eer": "EER",
    "log_loss": "log loss",
    "ece": "ECE",
    "false_alarms": "false alarms",
}

LEGEND = (
    "clips: real + fake that got a number; accuracy and false alarms at the published thresholds; in brackets 95 % "
    "intervals"
)

Measured = dict[str, Any]


def measure_rows(rows: Sequence[Row], thresholds: dict[str, float]) -> list[Measured]:
    """For each variant its measures on all labelled clips, then by family; `thresholds` are the published ones.

    A row has variant, family ("all" first), clips, real, fake, without_number, threshold, and value and interval of
    each measure. A family's fakes are measured against all reals; a family of reals alone has false alarms.
    """
    labelled = [row for row in rows if row.get(LABEL) is not None]
    families = list(dict.fromkeys(str(row[FAMILY]) for row in labelled if row.get(FAMILY) is not None))
    measured = []
    for variant, threshold in thresholds.items():
        for family in [ALL, *families]:
            members = labelled if family == ALL else _members(labelled, family)
            if family != ALL and len(members) == len(labelled):
                continue  # the only kind of fakes: that is all of them
            measured.append({"variant": variant, "family": family} | _measured(members, variant, threshold))
    return measured


def _members(rows: Sequence[Row], family: str) -> list[Row]:
    """The rows of a family; where it holds fakes, with the reals of all."""
    own = [row for row in rows if str(row.get(FAMILY)) == family]
    fakes = [row for row in own if row[LABEL] == FAKE]
    return fakes + [row for row in rows if row[LABEL] == REAL] if fakes else own


def _measured(rows: Sequence[Row], variant: str, threshold: float) -> Measured:
    judged = [row for row in rows if row.get(P_FAKE + variant) is not None]
    labels = np.array([row[LABEL] for row in judged], int)
    p_fake = np.array([row[P_FAKE + variant] for row in judged], float)
    counts = {"clips": len(judged), "real": int((labels == REAL).sum()), "fake": int((labels == FAKE).sum())}
    found = estimates(labels, p_fake, threshold) if judged else {}
    figures = {name: _plain(found[name]) for name in (*NAMES, "caught") if name in found}
    return counts | {"without_number": len(rows) - len(judged), "threshold": threshold} | figures


def _plain(estimate: Estimate) -> Measured:
    return {"value": round(estimate.value, 4), "interval": [round(end, 4) for end in estimate.interval]}


def as_text(measured: Iterable[Measured]) -> str:
    """The table for people, a line for each variant and family; figures with their 95 % intervals."""
    heads = ["variant", "family", "clips", *NAMES.values()]
    lines = [heads] + [
        [row["variant"], row["family"], f"{row['real']} + {row['fake']}", *(_cell(row.get(name)) for name in NAMES)]
        for row in measured
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads))]
    padded = (zip(line, widths, strict=True) for line in lines)
    text = "\n".join("  ".join(cell.ljust(width) for cell, width in line).rstrip() for line in padded)
    return f"{text}\n{LEGEND}"


def _cell(figure: Measured | None) -> str:
    if figure is None:
        return "-"
    low, high = figure["interval"]
    return f"{figure['value']:.3f} ({low:.2f}-{high:.2f})"
