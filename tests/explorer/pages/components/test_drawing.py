"""The clips that are drawn once the verdicts stand."""

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from explorer import limits
from explorer.pages.components import drawing
from explorer.pages.components.drawing import drawing_updates, zipped
from explorer.pages.components.settings import Settings
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, report_of, runner
from tests.support.html import Reader, text
from tests.support.reports import report

ZOO, PALETTE = Zoo(RELEASE, BUNDLED, "0" * 64), {"steady": "#0072B2"}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A report of a clip of a second, and the settings it was made with."""
    path = grey_ramp(tmp_path_factory.mktemp("clips") / "ramp.mp4", [i / 10 for i in range(10)], 10, (64, 64))
    settings = Settings(str(path), ["steady"], "haar", 4, "auto", "evidence", "pooled")
    return report_of(path, {"steady": runner}, everywhere, frames=4), settings


@pytest.mark.heavy
def test_both_clips_are_drawn_and_the_zip_then_holds_them(run):
    changes = list(drawing_updates(*run, PALETTE, ZOO))
    assert {"annotated", "mosaic"} == {slot for each in changes for slot in each} - {"drawn", "download"}
    last = changes[-1]
    with ZipFile(last["download"].value["path"]) as taken:
        assert {"annotated.mp4", "mosaic.mp4", "report.json"} <= set(taken.namelist())
    assert last["drawn"] == ""


def test_the_zip_is_there_without_clips(run):
    with ZipFile(zipped(run[0], Path("ramp.mp4"), PALETTE, ZOO)) as taken:
        assert "summary.html" in taken.namelist() and "annotated.mp4" not in taken.namelist()


def test_what_cannot_be_drawn_is_a_mild_sentence(run, monkeypatch, tmp_path):
    gone = replace(run[1], clip=str(tmp_path / "gone.mp4"))
    *_, last = drawing_updates(run[0], gone, PALETTE, ZOO)
    assert text(last["drawn"]).startswith("The verdicts stand, but not all clips could be drawn: ramp.mp4")
    assert not Reader(last["drawn"]).attributes("div")

    def full(*_):
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(drawing, "annotate", full)
    *_, last = drawing_updates(*run, PALETTE, ZOO)
    assert text(last["drawn"]).endswith("there is no room for them.")


def test_drawing_has_a_limit_of_its_own(run, monkeypatch):
    monkeypatch.setattr(limits, "MAX_DRAWING_SECONDS", 0)
    *_, last = drawing_updates(*run, PALETTE, ZOO)
    assert "The verdicts stand" in text(last["drawn"])


def test_nothing_is_drawn_of_a_run_without_a_face():
    assert list(drawing_updates(report(), None, PALETTE, ZOO)) == [{"drawn": ""}]
    assert list(drawing_updates(None, None, PALETTE, ZOO)) == [{"drawn": ""}]
