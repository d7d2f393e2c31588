"""One bar for a whole job."""

import pytest

from explorer.pages.components import job_progress
from explorer.pages.components.job_progress import JobProgress
from explorer.structures import Progress
from tests.support.html import Reader, text

SHARES = {"reading the clip": 1, "finding faces": 5, "running": 4}


@pytest.fixture
def clock(monkeypatch):
    """What time it is, in seconds, as the list's only item."""
    now = [0.0]
    monkeypatch.setattr(job_progress, "perf_counter", lambda: now[0])
    return now


def reached(bars: list[str]) -> list[float]:
    return [float(Reader(bar).attributes("progress")[0]["value"]) for bar in bars]


def test_the_bar_is_one_for_all_stages_and_never_goes_back(clock):
    progress = JobProgress(SHARES)
    events = [
        ("reading the clip", 0, 1), ("finding faces", 16, 32), ("finding faces", 32, 32),
        ("reading its credentials", 0, 1), ("running b0", 0, 2), ("running b0", 64, 128), ("running lite0", 1, 2),
    ]  # fmt: skip
    bars = [progress.bar(Progress(*event)) for event in events]
    assert reached(bars) == [0, 0.35, 0.6, 0.6, 0.6, 0.7, 0.8]  # a variant's batches lie within its own step
    assert [text(bar) for bar in bars[4:]] == ["running b0: 0 of 2", "running b0: 0 of 2", "running lite0: 1 of 2"]
    assert Reader(bars[0]).attributes("progress")[0]["aria-label"] == "the whole job"
    assert Reader(bars[1]).attributes("div") == [{"class": "stage", "data-stage": "finding faces"}]  # is not announced


def test_what_is_left_is_of_the_whole_job(clock):
    progress, words = JobProgress(SHARES), []
    for clock[0], done in [(0.5, 8), (3.5, 16), (7, 30), (58, 32)]:
        words.append(text(progress.bar(Progress("finding faces", done, 32))))
    assert words == [
        "finding faces: 8 of 32",  # a guess in the first second
        "finding faces: 16 of 32, about 6 s left",  # 0.35 of the whole took 3.5 s
        "finding faces: 30 of 32, about 5 s left",
        "finding faces: 32 of 32, about 39 s left",
    ]


def test_a_job_without_named_stages_is_one(clock):
    progress = JobProgress({"": 1})
    assert reached([progress.bar(Progress(f"timing {name}", done, 4)) for done, name in enumerate("abcd")]) == [
        0, 0.25, 0.5, 0.75,
    ]  # fmt: skip
