"""The API's tools as Gradio publishes them."""

import shutil
from collections.abc import Iterator

import gradio as gr
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from explorer.api.jobs import Tools
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.clips import grey_ramp


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    tools = Tools(Zoo(RELEASE, BUNDLED, "0" * 64))
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.api(tools.embed, api_name="embed")
        gr.api(tools.finders, api_name="finders")
    _, address, _ = demo.queue().launch(prevent_thread_lock=True, quiet=True, ssr_mode=False, share=False)
    yield Client(address, verbose=False)
    demo.close()


def test_embed_gives_a_row_per_face(client, portrait_clip):
    found = client.predict(handle_file(str(portrait_clip)), frames=8, api_name="/embed")
    assert (found["schema_version"], found["clip"], found["variant"]) == (1, portrait_clip.name, "lite0_kd")
    assert all(len(point) == 3 for point in found["points"])
    assert {len(found[key]) for key in ("points", "clusters", "times", "persons")} == {8}
    assert found["times"] == sorted(found["times"])
    assert {len(rows) for rows in found["references"].values()} == {200}
    assert set(found["references"]["labels"]) == {0, 1}


def test_embed_with_another_variant_has_no_references(client, portrait_clip):
    found = client.predict(handle_file(str(portrait_clip)), variant="lite0_kd_p35", frames=6, api_name="/embed")
    assert len(found["points"]) == 6
    assert found["references"] == {"points": [], "clusters": [], "labels": []}


def test_finders_gives_rows_and_boxes(client, portrait_clip):
    found = client.predict(handle_file(str(portrait_clip)), frames=3, api_name="/finders")
    assert (found["schema_version"], found["clip"], found["frames"]) == (1, portrait_clip.name, 3)
    assert [(row["finder"], row["batched"], row["side_px"]) for row in found["rows"][:3]] == [
        ("mtcnn", True, 480), ("mtcnn", False, 480), ("haar", False, 480),
    ]  # fmt: skip
    assert all(row["fps"] > 0 and row["found"] == 3 and row["missed"] == 0 for row in found["rows"])
    assert found["boxes_side_px"] == 480
    for name in ("mtcnn", "haar"):
        for frame in found["boxes"][name]:
            [[x0, y0, x1, y1]] = frame["boxes"]
            assert x0 < 240 < x1 and y0 < 240 < y1  # the example's camera keeps the face in the middle


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("/embed", {"frames": 4}, "there are 4; analyse more frames"),
        ("/embed", {"variant": "b9"}, "no variant named 'b9'"),
        ("/embed", {"variant": "lite0_kd_int8", "frames": 5}, "choose lite0_kd"),
        ("/finders", {"frames": 33}, "over 1 to 32"),
    ],
)
def test_bad_requests_get_one_sentence(client, portrait_clip, name, changes, words):
    with pytest.raises(AppError, match=words):
        client.predict(handle_file(str(portrait_clip)), **changes, api_name=name)


def test_clips_without_a_face(client, tmp_path):
    clip = handle_file(str(grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(10)])))
    assert {row["found"] for row in client.predict(clip, frames=2, api_name="/finders")["rows"]} == {0}
    with pytest.raises(AppError, match="there are 0"):
        client.predict(clip, frames=2, api_name="/embed")


def test_paths_on_the_server_are_not_read(portrait_clip, tmp_path):
    tools = Tools(Zoo(RELEASE, BUNDLED, "0" * 64))
    there = {"path": str(shutil.copy(portrait_clip, tmp_path))}
    for tool in (tools.embed, tools.finders):
        with pytest.raises(gr.Error, match="not a path on the server"):
            list(tool(there))
        with pytest.raises(gr.Error, match="clip takes a file"):
            list(tool(None))
