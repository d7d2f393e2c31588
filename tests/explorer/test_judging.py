"""The one way from a clip to its verdicts."""

import pytest

from explorer.errors import UnknownOption
from explorer.judging import Question, judge
from explorer.structures import Report
from model_zoo.hub import bundled_zoo
from model_zoo.manifest import read_manifest
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, runner


def test_no_variants_stand_for_all():
    zoo = bundled_zoo()
    assert list(Question().runners(zoo)) == list(read_manifest(zoo.release).variants)
    assert Question(("b0",)).names(zoo) == ("b0",)


def test_it_ends_with_the_report(tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.judging.finder_named", lambda _: everywhere)
    monkeypatch.setattr("explorer.judging.log_odds", None)
    monkeypatch.setattr("explorer.detectors.open_runner", lambda name, *_: runner(name))
    clip = grey_ramp(tmp_path / "a.mp4", [0.0, 0.04])
    *_, report = judge(clip, Question(("b0",), frames=2), bundled_zoo(), "called.mp4")
    assert isinstance(report, Report)
    assert (report.clip.name, [result.name for result in report.variants]) == ("called.mp4", ["b0"])


def test_an_unknown_finder_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(UnknownOption):
        judge(tmp_path / "absent.mp4", Question(finder="best"), bundled_zoo())
