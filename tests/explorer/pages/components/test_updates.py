"""What the Compare tab shows before a run begins, and where it cannot."""

import pytest

from explorer.errors import ExplorerError
from explorer.pages.components.settings import Settings
from explorer.pages.components.updates import finished, heatmaps, updates
from explorer.structures import Progress, Spread
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
    *_, last = updates(Settings(**SETTINGS | changes), {"b0": "#0072B2"}, ZOO)
    assert text(last["status"]) == words
    assert Reader(last["status"]).attributes("p")[0]["role"] == "alert"


def test_the_last_runs_results_are_cleared_first():
    first = next(updates(Settings(**SETTINGS), {"b0": "#0072B2"}, ZOO))
    assert not first["download"].visible and not first["evidence"].visible
    assert "data-keep" not in first["keeping"]  # what the browser keeps stays until another takes its place
    assert {slot for slot, value in first.items() if value in (None, "")} == {
        "curves", "times", "annotated", "mosaic", "raw", "report", "settings", "verdicts", "heat", "strip", "stage",
        "moment", "origin", "scope", "headline", "stale", "people", "drawn", "looked",
    }  # fmt: skip


def test_heatmaps_are_of_the_faces_that_were_chosen():
    clip_report = report([face(0.0, 1), face(0.5, 2)], [judged("b0", (0.2, 0.4))])
    page = heatmaps(clip_report, Settings(**SETTINGS), ZOO, "spread over the clip", "person 2")
    assert list(pictures(page)) == ["face at 0.50 s, person 2", "b0 at 0.50 s, person 2"]


def test_of_a_report_the_sentence_comes_first_and_what_there_is_follows(tmp_path):
    two = report([face(0.0, 1), face(0.5, 2)], [judged("b0", (0.2, 0.9), ms_per_face=Spread(2.0, 0.1))])
    settings = Settings(**SETTINGS | {"clip": str(tmp_path / "a.mp4")})
    first, *others = finished(two, settings, {"b0": "#0072B2"}, ZOO, "An example")
    assert "The one detector says fake" in text(first["headline"]) and "An example" in text(first["headline"])
    assert "Large: EfficientNet-B0" in text(first["verdicts"])
    shown = {slot: value for each in others for slot, value in each.items()}
    assert shown["evidence"].visible and shown["download"].visible and shown["person"].visible
    assert "person 1" in text(shown["people"]) and shown["looked"] == (
        "spread over the clip",
        "everyone",
        "evidence",
        "pooled",
    )
    assert shown["raw"]["summary"]["headline"] == "The one detector says fake."


def test_without_a_face_nothing_empty_is_shown(tmp_path):
    blind = report([], [judged("b0", (), verdict="no face", fake_frame_rate=None)])
    changes = finished(blind, Settings(**SETTINGS | {"clip": str(tmp_path / "a.mp4")}), {"b0": "#0072B2"}, ZOO)
    shown = {slot: value for each in changes for slot, value in each.items()}
    assert not shown["evidence"].visible and "heat" not in shown and shown["people"] == ""
    assert "No face was found" in text(shown["headline"])


def test_a_zip_that_cannot_be_written_is_one_sentence(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.pages.components.updates.zipped", full)
    with pytest.raises(ExplorerError, match="The verdicts stand, but the zip could not be written"):
        list(finished(report(), Settings(**SETTINGS), {}, ZOO))


def test_rows_come_one_by_one_with_the_stage_that_follows(monkeypatch, tmp_path):
    first, second = (judged(name, (0.2,), ms_per_face=Spread(2.0, 0.1)) for name in ("b0", "lite0"))
    whole = report([face()], [first, second])
    events = [Progress("running b0", 0, 2), first, Progress("running lite0", 1, 2), second, whole]
    monkeypatch.setattr("explorer.pages.components.updates.judge", lambda *_: iter(events))
    settings = Settings(**SETTINGS | {"clip": str(tmp_path / "a.mp4"), "variants": ["b0", "lite0"]})
    _, one, two, done, *_ = updates(settings, {"b0": "#6464DC", "lite0": "#B45082"}, ZOO)
    assert set(one) == {"status"} and "running b0" in text(one["status"])
    assert "running lite0" in text(two["status"]) and [
        two["verdicts"].count(each) for each in ("pill", "&hellip;")
    ] == [1, 1]
    assert "headline" in done and done["verdicts"].count('class="pill') == 2
