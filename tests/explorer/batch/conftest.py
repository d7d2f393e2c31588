"""A way of judging that takes no detector: the brighter a clip, the more it looks forged."""

from pathlib import Path

import pytest

from explorer.batch.work import Work
from explorer.judging import Question
from model_zoo.hub import bundled_zoo
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, runner


@pytest.fixture
def few_resamples(monkeypatch) -> None:
    """Intervals that are made in no time, and are rough."""
    monkeypatch.setattr("model_zoo.intervals.RESAMPLES", 40)


@pytest.fixture
def quick(monkeypatch, few_resamples) -> Work:
    """Two variants, whose p_fake rises with the grey level, on four frames of a clip."""
    monkeypatch.setattr("explorer.judging.finder_named", lambda _: everywhere)
    monkeypatch.setattr("explorer.judging.log_odds", None)
    monkeypatch.setattr("explorer.detectors.open_runner", lambda name, *_: runner(name))
    return Work(Question(("b0", "lite0"), frames=4), bundled_zoo())


@pytest.fixture
def folder(tmp_path) -> Path:
    """A dark clip, a bright one, and one that is none."""
    inside = tmp_path / "clips"
    inside.mkdir()
    grey_ramp(inside / "dark.mp4", [i / 25 for i in range(8)])
    grey_ramp(inside / "bright.mp4", [i / 25 for i in range(70)])
    (inside / "broken.mp4").write_bytes(b"no clip")
    return inside
