"""Pictures of how good a detector is, as PNG files.

Figures are matplotlib's own objects, drawn by Agg: no window, nothing left behind in pyplot.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.special import expit
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import ConfusionMatrixDisplay, RocCurveDisplay

from model_zoo.metrics import CALIBRATION_BINS, check_scored
from train.dataset.items import CLASSES, FAKE, REAL
from train.errors import BadData, BadRun

DOTS_PER_INCH = 150
SIDE_INCHES = 6.0


def write_roc(path: Path, curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Every name's ROC curve in one picture; `curves` maps a name to labels (N,), 1 = fake, and logits (N,).

    Raises BadData for no curve at all, BadScores for labels of one class and for logits that are not finite; BadRun
    where the file cannot be written.
    """
    _write(path, roc_figure(curves))


def roc_figure(curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """The figure of write_roc; each curve's area stands in the legend."""
    if not curves:
        raise BadData("there is no curve to draw; measure at least one variant")
    figure, axes = _blank()
    for name, (labels, logits) in curves.items():
        check_scored(labels, logits)
        # the logits order the items as p_fake does, and stay apart where the sigmoid has reached 0 or 1
        drawn = RocCurveDisplay.from_predictions(labels, logits, name=name, ax=axes)
        drawn.line_.set_label(f"{name} (AUC = {drawn.roc_auc:.4f})")  # variants differ in the third digit
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1, label="chance (AUC = 0.5)")
    axes.set(xlabel="real called fake (false-positive rate)", ylabel="fake called fake (true-positive rate)")
    axes.legend(loc="lower right", fontsize="small")
    return figure


def write_confusion(path: Path, labels: np.ndarray, logits: np.ndarray, threshold: float) -> None:
    """How many real and fake items were called what at the p_fake threshold. Raises as write_roc does."""
    _write(path, confusion_figure(labels, logits, threshold))


def confusion_figure(labels: np.ndarray, logits: np.ndarray, threshold: float) -> Figure:
    """The figure of write_confusion: rows are the labels, columns the verdicts."""
    check_scored(labels, logits)
    figure, axes = _blank()
    called = (_probabilities(logits) > threshold).astype(int)
    ConfusionMatrixDisplay.from_predictions(
        labels, called, labels=[REAL, FAKE], display_labels=CLASSES, cmap="Blues", colorbar=False, ax=axes
    )
    axes.set(xlabel=f"verdict at p_fake > {threshold:.4g}", ylabel="label")
    return figure


def write_reliability(path: Path, labels: np.ndarray, logits: np.ndarray) -> None:
    """The share of fakes among items of like p_fake, against p_fake. Raises as write_roc does."""
    _write(path, reliability_figure(labels, logits))


def reliability_figure(labels: np.ndarray, logits: np.ndarray) -> Figure:
    """The figure of write_reliability: the calibration error's equal-width bins, but for empty ones."""
    check_scored(labels, logits)
    figure, axes = _blank()
    CalibrationDisplay.from_predictions(
        labels, _probabilities(logits), n_bins=CALIBRATION_BINS, name="detector", ax=axes
    )
    axes.set(xlabel="mean p_fake of the bin", ylabel="share of fakes in the bin")
    axes.legend(loc="upper left", fontsize="small")
    return figure


def _probabilities(logits: np.ndarray) -> np.ndarray:
    return expit(logits.astype(np.float64))


def _blank() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(SIDE_INCHES, SIDE_INCHES), dpi=DOTS_PER_INCH, layout="tight")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def _write(path: Path, figure: Figure) -> None:
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="png")
    except OSError as error:
        raise BadRun(f"{path} cannot be written ({error.strerror or error}); name another folder") from error
