"""What the rows of a study learnt on the way, drawn."""

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")  # Okabe & Ito's
_DASHES = ("-", "--", "-.", ":")


def draw_curves(table: dict[str, Any], path: Path) -> None:
    """Write an SVG of every row's training loss and validation AUC by step, the same bytes for the same table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with matplotlib.rc_context({"svg.hashsalt": path.stem, "font.size": 9}):
        curves_figure(table).savefig(path, format="svg", metadata={"Date": None})


def curves_figure(table: dict[str, Any]) -> Figure:
    """The figure of draw_curves: losses on the left, each a mean of some steps, and AUC on the right."""
    figure = Figure(figsize=(7.5, 2.8), layout="constrained")
    losses, aucs = figure.subplots(1, 2)
    for row, colour, dashes in zip(table["rows"], _COLOURS, _DASHES, strict=False):
        curve = row["curve"]
        middles = (np.arange(len(curve["losses"])) + 0.5) * curve["steps_a_loss"]
        losses.plot(middles, curve["losses"], dashes, color=colour, label=row["label"])
        steps, values = ([point[key] for point in curve["traced"]] for key in ("step", "auc"))
        aucs.plot(steps, values, dashes, marker="o", markersize=3, color=colour, label=row["label"])
    losses.set(xlabel="step", ylabel="training loss", ylim=(0, None))
    aucs.set(xlabel="step", ylabel="AUC, part of validation")
    aucs.axhline(0.5, color="0.6", linewidth=0.8)
    losses.legend(fontsize=8)
    return figure
