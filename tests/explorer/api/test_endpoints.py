"""The API's functions, as a client gets them."""

import shutil
from collections.abc import Iterator

import gradio as gr
import pytest

from explorer.api.endpoints import Api
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.clips import grey_ramp

pytestmark = pytest.mark.heavy  # whole jobs

API = Api(Zoo(RELEASE, BUNDLED, "0" * 64))


@pytest.fixture
def uploaded(tmp_path, monkeypatch):
    """What stands for a file that was uploaded: Gradio's folder is the test's own."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return lambda clip: {"path": str(clip if clip.is_relative_to(tmp_path) else shutil.copy(clip, tmp_path))}


def answer(events: Iterator[dict]) -> dict:
    """The last of a job's events, which is all that a client gets."""
    *_, last = events
    return last


def test_embed_gives_a_row_per_face(uploaded, portrait_clip):
    faces = answer(API.embed(uploaded(portrait_clip), frames=8))
    assert (faces["schema_version"], faces["clip"], faces["variant"]) == (1, portrait_clip.name, "lite0_kd")
    assert all(len(point) == 3 for point in faces["points"])
    assert {len(faces[key]) for key in ("points", "clusters", "times", "persons")} == {8}
    assert faces["times"] == sorted(faces["times"])
    assert {len(rows) for rows in faces["references"].values()} == {200}
    assert set(faces["references"]["labels"]) == {0, 1}


def test_embed_with_another_variant_has_no_references(uploaded, portrait_clip):
    faces = answer(API.embed(uploaded(portrait_clip), variant="lite0_kd_p35", frames=6))
    assert len(faces["points"]) == 6
    assert faces["references"] == {"points": [], "clusters": [], "labels": []}


def test_finders_gives_rows_and_boxes(uploaded, portrait_clip):
    outcome = answer(API.finders(uploaded(portrait_clip), frames=3))
    assert (outcome["schema_version"], outcome["clip"], outcome["frames"]) == (1, portrait_clip.name, 3)
    assert [(row["finder"], row["batched"], row["side_px"]) for row in outcome["rows"][:4]] == [
        ("mtcnn", True, 480), ("mtcnn", False, 480), ("mtcnn-tracked", True, 480), ("haar", False, 480),
    ]  # fmt: skip
    assert all(row["fps"] > 0 and row["found"] == 3 and row["missed"] == 0 for row in outcome["rows"])
    assert outcome["boxes_side_px"] == 480
    for name in ("mtcnn", "mtcnn-tracked", "haar"):
        for frame in outcome["boxes"][name]:
            [[x0, y0, x1, y1]] = frame["boxes"]
            assert x0 < 240 < x1 and y0 < 240 < y1  # the example's camera keeps the face in the middle


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("embed", {"frames": 4}, "there are 4; analyse more frames"),
        ("embed", {"variant": "b9", "frames": 5}, "no variant named 'b9'"),
        ("embed", {"variant": "lite0_kd_int8", "frames": 5}, "choose lite0_kd"),
        ("finders", {"frames": 33}, "over 1 to 32"),
    ],
)
def test_bad_requests_get_one_sentence(uploaded, portrait_clip, name, changes, words):
    with pytest.raises(gr.Error, match=words):
        answer(getattr(API, name)(uploaded(portrait_clip), **changes))


def test_clips_without_a_face(uploaded, tmp_path):
    clip = uploaded(grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(10)]))
    assert {row["found"] for row in answer(API.finders(clip, frames=2))["rows"]} == {0}
    with pytest.raises(gr.Error, match="there are 0"):
        answer(API.embed(clip, frames=2))


def test_paths_on_the_server_are_not_read(portrait_clip, tmp_path):
    there = {"path": str(shutil.copy(portrait_clip, tmp_path))}
    for tool in (API.embed, API.finders):
        with pytest.raises(gr.Error, match="not a path on the server"):
            list(tool(there))
        with pytest.raises(gr.Error, match="clip takes a file"):
            list(tool(None))


def test_a_zoo_that_was_damaged_meanwhile_is_one_sentence(small_release):
    (small_release / "manifest.json").write_text("{}")
    with pytest.raises(gr.Error, match=r"manifest\.json: malformed"):
        Api(Zoo(small_release, BUNDLED, "0" * 64)).variants()


def test_analyze_many_gives_a_row_per_clip_as_they_come(uploaded, portrait_clip, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no clip")
    clips = [uploaded(tmp_path / "broken.mp4"), uploaded(portrait_clip)]
    *steps, last = API.analyze_many(clips, variants=["lite0_kd_p35_int8"], frames=4)
    assert [row["name"] for row in last["rows"]] == ["broken.mp4", portrait_clip.name]
    assert [step["row"] for step in steps if "row" in step] == last["rows"]
    assert "cannot be read" in last["rows"][0]["error"]
    alone = answer(API.analyze(clips[1], variants=["lite0_kd_p35_int8"], frames=4))
    assert last["rows"][1]["p_fake_lite0_kd_p35_int8"] == alone["variants"][0]["p_fake"]
    assert last["rows"][1]["verdict"] == alone["summary"]["verdict"]
