"""Another clip beside the first."""

import json

import pytest

from explorer.exports.report_json import as_json
from explorer.pages.components import beside
from explorer.pages.components.beside import Other, paired, updates
from explorer.pages.components.browser_storage import MARKS, OPENED, stored
from explorer.pages.components.kept import kept
from explorer.plots.palette import colours
from explorer.structures import Progress
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, text
from tests.support.reports import a_run

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)
PALETTE = colours(["b0", "lite0", "lite0_kd"])


@pytest.mark.parametrize(
    ("first", "clip", "words"),
    [
        (None, "a.mp4", "There is no result yet to stand beside; analyse a clip first."),
        (kept(a_run()), None, "There is no other clip yet; upload one or click an example."),
        (kept(a_run()), "/nowhere/a.mp4", "a.mp4 does not exist; upload it again."),
        (kept(a_run()), "/nowhere/a.JSON", "The file could not be read; choose it again."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(first, clip, words):
    *_, last = updates(first, None, clip, PALETTE, ZOO, "")
    assert text(last["status"]) == words
    assert Reader(last["status"]).attributes("p")[0]["role"] == "alert"


def test_a_result_file_stands_beside_a_run(tmp_path):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(as_json(a_run(), ZOO)))
    cleared, last = updates(kept(a_run()), None, str(path), PALETTE, ZOO, "")
    assert (cleared["other"], cleared["pair"]) == (None, "")
    assert text(last["pair"]).count("2 detectors") == 2 and MARKS[OPENED] in text(last["pair"])
    assert "difference" in text(last["pair"]) and last["other"].mark == MARKS[OPENED]
    assert last["first"].visible and last["second"].label == "p_fake over time: a.mp4"
    (bearer,) = [each for each in Reader(last["pair"]).attributes("div") if "data-keep" in each]
    assert bearer["data-keep"] == "explorer.beside" and stored(bearer["data-text"]).how == OPENED


def test_the_same_detectors_with_the_same_settings_judge_it(monkeypatch, tmp_path):
    asked = []

    def judge(clip, question, zoo):
        asked.append((clip.name, list(question.variants), question.frames))
        yield Progress("running b0", 0, 2)
        yield a_run()

    monkeypatch.setattr(beside, "judge", judge)
    opened = kept(a_run())  # without settings: its own variants and frames
    _, progress, last = updates(opened, None, str(tmp_path / "b.mp4"), PALETTE, ZOO, "An example")
    assert asked == [("b.mp4", ["b0", "lite0"], 4)]
    assert "running b0: 0 of 2" in text(progress["status"])
    assert last["other"].mark == "An example" and last["other"].kept.crops == ()


def test_a_pair_wants_two():
    run = kept(a_run())
    for first, other in ((None, Other(run)), (run, None)):
        changes = paired(first, other, PALETTE, ZOO)
        assert changes["pair"] == "" and not changes["first"].visible and not changes["second"].visible
