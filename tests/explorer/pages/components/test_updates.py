"""What the Compare tab shows before a run begins, and where it cannot."""

import pytest

from explorer.pages.components.settings import Settings
from explorer.pages.components.updates import heatmaps, updates
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, pictures, text
from tests.support.reports import face, judged, report

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)
SETTINGS = dict(
    clip="a.mp4", variants=["b0"], finder="haar", frames=2, engine="auto", method="evidence", layer="pooled"
)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"clip": None}, "There is no clip yet; upload one or click an example."),
        ({"variants": []}, "No variant is chosen; tick at least one."),
        ({"finder": "eyes"}, "no face finder named 'eyes'; choose one of mtcnn-tracked, mtcnn, haar."),
        ({"frames": 0}, "0 frames were asked for; choose 1 to 300."),
        ({"clip": "/nowhere/a.mp4"}, "a.mp4 does not exist; upload it again."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(changes, words):
    *_, last = updates(Settings(**SETTINGS | changes), "zoo", {"b0": "#0072B2"}, ZOO)
    assert text(last["status"]) == words
    assert Reader(last["status"]).attributes("p")[0]["role"] == "alert"


def test_the_last_runs_results_are_cleared_first():
    first = next(updates(Settings(**SETTINGS), "zoo", {"b0": "#0072B2"}, ZOO))
    assert not first["download"].interactive
    assert {slot for slot, value in first.items() if value in (None, "")} == {
        "curves", "times", "annotated", "raw", "report", "settings", "verdicts", "heat", "strip", "moment", "origin",
        "scope",
    }  # fmt: skip


def test_heatmaps_are_of_the_faces_that_were_chosen():
    clip_report = report([face(0.0, 1), face(0.5, 2)], [judged("b0", (0.2, 0.4))])
    page = heatmaps(clip_report, Settings(**SETTINGS), ZOO, "spread over the clip", "person 2")
    assert list(pictures(page)) == ["face at 0.50 s, person 2", "b0 at 0.50 s, person 2"]
