import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from model_zoo.errors import BadScores
from train.errors import BadData, BadRun
from train.evaluation.curves import (
    confusion_figure,
    reliability_figure,
    roc_figure,
    write_confusion,
    write_reliability,
    write_roc,
)

LABELS = np.array([0, 0, 1, 1])
LOGITS = np.array([-2.0, 1.0, 0.5, 3.0], np.float32)  # p_fake 0.12, 0.73, 0.62, 0.95
BETTER = np.array([-2.0, -1.0, 0.5, 3.0], np.float32)


def test_roc_holds_every_curve_and_its_area():
    (axes,) = roc_figure({"b0": (LABELS, LOGITS), "lite0": (LABELS, BETTER)}).axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["b0 (AUC = 0.7500)", "lite0 (AUC = 1.0000)", "chance (AUC = 0.5)"]
    points = axes.lines[0].get_xydata()
    assert points.tolist() == [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]


def test_confusion_counts_at_the_threshold():
    counts = {threshold: confusion_figure(LABELS, LOGITS, threshold).axes[0] for threshold in (0.5, 0.9)}
    assert [text.get_text() for text in counts[0.5].texts] == ["1", "1", "0", "2"]  # real: real, fake; fake: real, fake
    assert [text.get_text() for text in counts[0.9].texts] == ["2", "0", "1", "1"]
    assert [tick.get_text() for tick in counts[0.5].get_yticklabels()] == ["real", "fake"]
    assert counts[0.9].get_xlabel() == "verdict at p_fake > 0.9"


def test_reliability_shows_bins():
    labels, halves = np.array([0, 1, 0, 1]), np.array([0.0, 0.0, np.log(4), np.log(4)])  # p_fake 0.5, 0.5, 0.8, 0.8
    (axes,) = reliability_figure(labels, halves).axes
    drawn = axes.lines[1].get_xydata()  # the first line is the diagonal
    np.testing.assert_allclose(drawn, [[0.5, 0.5], [0.8, 0.5]])


def test_files_are_pictures_and_pyplot_holds_nothing(tmp_path):
    folder = tmp_path / "made" / "here"
    write_roc(folder / "roc.png", {"b0": (LABELS, LOGITS)})
    write_confusion(folder / "confusion.png", LABELS, LOGITS, 0.5)
    write_reliability(folder / "reliability.png", LABELS, LOGITS)
    for name in ("roc", "confusion", "reliability"):
        with Image.open(folder / f"{name}.png") as picture:
            assert (picture.format, picture.size) == ("PNG", (900, 900))
            assert len(np.unique(np.asarray(picture))) > 10
    assert plt.get_fignums() == []


def test_what_cannot_be_drawn(tmp_path):
    with pytest.raises(BadData, match="no curve"):
        write_roc(tmp_path / "roc.png", {})
    for draw in (lambda *scored: roc_figure({"b0": scored}), lambda *s: confusion_figure(*s, 0.5), reliability_figure):
        with pytest.raises(BadScores, match=r"hold the classes \[0\]"):
            draw(np.array([0, 0]), np.array([1.0, 2.0]))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadRun, match="cannot be written"):
        write_reliability(tmp_path / "file" / "reliability.png", LABELS, LOGITS)
