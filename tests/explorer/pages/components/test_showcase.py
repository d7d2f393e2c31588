"""The result that a first visit shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.pages.components import showcase
from explorer.pages.components.showcase import Showcase
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, runner
from tests.support.html import text

ZOO, PALETTE = Zoo(RELEASE, BUNDLED, "1" * 64), {"b0": "#0072B2"}


@pytest.fixture
def example(tmp_path, monkeypatch) -> dict[str, Path]:
    """A grey clip as the first example, judged by a fake detector that sees a face everywhere."""
    monkeypatch.setattr("explorer.judging.finder_named", lambda _: everywhere)
    monkeypatch.setattr("explorer.judging.log_odds", None)
    monkeypatch.setattr("explorer.detectors.open_runner", lambda *_: runner("b0"))
    path = grey_ramp(tmp_path / "grey.mp4", [i / 10 for i in range(10)], 10, (64, 64))
    return {"Forged from 1.5 s": path}


@pytest.mark.heavy
def test_it_is_computed_once_kept_and_marked_as_such(example, tmp_path, monkeypatch):
    first = Showcase(ZOO, example, PALETTE, tmp_path / "kept")
    assert first.updates() == {} and first.awaited
    first.prepare()
    assert not first.awaited
    monkeypatch.setattr(showcase, "judge", lambda *_, **__: pytest.fail("computed again"))
    second = Showcase(ZOO, example, PALETTE, tmp_path / "kept")
    second.prepare()
    shown = second.updates()
    assert text(shown["headline"]).startswith("An example, computed before: Forged from 1.5 s (real, then forged")
    assert {"verdicts", "curves", "strip", "heat", "annotated", "mosaic", "report", "download"} <= set(shown)
    assert {Path(path).name for path in second.kept} == {"grey.annotated.mp4", "mosaic.mp4", "grey.zip"}
    assert second.updates() is shown


def test_another_zoo_or_another_clip_has_a_result_of_its_own(example, tmp_path):
    mine = Showcase(ZOO, example, PALETTE, tmp_path).folder
    assert Showcase(ZOO, example, PALETTE, tmp_path).folder == mine
    assert Showcase(replace(ZOO, revision="2" * 64), example, PALETTE, tmp_path).folder != mine
    example["Forged from 1.5 s"].write_bytes(b"another")
    assert Showcase(ZOO, example, PALETTE, tmp_path).folder != mine


def test_what_fails_is_a_line_in_the_log(example, tmp_path, caplog):
    example["Forged from 1.5 s"].write_bytes(b"no clip")
    broken = Showcase(ZOO, example, PALETTE, tmp_path / "kept")
    broken.prepare()
    assert broken.updates() == {} and not broken.awaited
    assert "no example result: grey.mp4" in caplog.text


def test_without_examples_there_is_none(tmp_path):
    nothing = Showcase(ZOO, {}, PALETTE, tmp_path / "kept")
    nothing.prepare()
    assert nothing.updates() == {} and not (tmp_path / "kept").exists()
