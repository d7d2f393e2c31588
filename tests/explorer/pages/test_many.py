"""What a visitor of the Many tab sees."""

from pathlib import Path

import pytest

from explorer.exports.scores import failed_row
from explorer.judging import Question
from explorer.pages.many import filtered, measures_of, updates, uploaded
from model_zoo.hub import bundled_zoo
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, runner
from tests.support.html import text

ZOO = bundled_zoo()
QUESTION = Question(("b0",), frames=4)


@pytest.fixture
def clips(tmp_path, monkeypatch) -> list[str]:
    """A dark clip, one that is none, and a bright one, judged by a detector that goes by the grey level."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "served"))
    monkeypatch.setattr("explorer.judging.finder_named", lambda _: everywhere)
    monkeypatch.setattr("explorer.judging.log_odds", None)
    monkeypatch.setattr("explorer.detectors.open_runner", lambda name, *_: runner(name))
    monkeypatch.setattr("model_zoo.intervals.RESAMPLES", 40)
    grey_ramp(tmp_path / "dark.mp4", [i / 25 for i in range(8)])
    grey_ramp(tmp_path / "bright.mp4", [i / 25 for i in range(70)])
    (tmp_path / "broken.mp4").write_bytes(b"no clip")
    return [str(tmp_path / name) for name in ("dark.mp4", "broken.mp4", "bright.mp4")]


def test_the_table_fills_in_and_can_be_taken_away(clips):
    changes = list(updates(clips, QUESTION, "dark.mp4, real\nbright.mp4, fake", ZOO))
    tables = [change["table"]["data"] for change in changes if change.get("table")]
    assert [sum(row[1] != "..." for row in data) for data in tables] == [0, 1, 2, 3]
    assert [row[1] for row in tables[-1]] == ["○ real", "not judged", "● fake"]
    last = {slot: value for change in changes for slot, value in change.items()}
    assert text(last["status"]).startswith("3 clips are judged. 1 of them could not be judged")
    for kind in ("csv", "parquet"):
        path = Path(last[kind].value["path"] if isinstance(last[kind].value, dict) else last[kind].value)
        assert path.name == f"scores.{kind}"
    assert "1 + 1 1.000" in text(last["measures"])


@pytest.mark.parametrize(
    ("files", "question", "words"),
    [
        (None, QUESTION, "There are no clips yet"),
        (["a.mp4"], Question(()), "No variant is chosen"),
        (["a.mp4"] * 65, QUESTION, "There are 65 files; at most 64 are judged at once"),
    ],
)
def test_what_is_missing_is_one_sentence(files, question, words):
    *_, last = updates(files, question, "", ZOO)
    assert words in text(last["status"])


def test_labels_that_are_none_are_one_sentence():
    row = {"name": "a.mp4", "p_fake_b0": 0.5}
    assert "holds the label 'maybe'" in text(measures_of([row], "a.mp4, maybe", ["b0"], ZOO))
    for nothing in ("  ", None):  # None is what an untouched box holds
        assert measures_of([row], nothing, ["b0"], ZOO) == ""


@pytest.mark.heavy
def test_a_table_that_holds_no_labels_leaves_those_that_stand_there(tmp_path):
    (tmp_path / "a.csv").write_text("clip;label;note\na.mp4;real;x\n")
    text_, said = uploaded(str(tmp_path / "a.csv"), "")
    assert text_ == "name,label\na.mp4,0\n"
    assert text(said) == "Labels are those of a.csv."
    (tmp_path / "b.csv").write_text("clip\na.mp4\n")
    before, said = uploaded(str(tmp_path / "b.csv"), "a.mp4, real")
    assert (before, text(said)) == ("a.mp4, real", "b.csv has no column label; it has clip.")


def test_a_filter_shows_what_holds_the_words():
    rows = [failed_row("a.mp4", "a.mp4 is broken", ["b0"]), failed_row("b.mp4", "", ["b0"]) | {"verdict": "fake"}]
    assert [row[0] for row in filtered((rows, ["b0"]), "FAKE")["data"]] == ["b.mp4"]
    assert [row[0] for row in filtered((rows, ["b0"]), "broken")["data"]] == ["a.mp4"]
    assert all(len(filtered((rows, ["b0"]), nothing)["data"]) == 2 for nothing in (" ", None))
