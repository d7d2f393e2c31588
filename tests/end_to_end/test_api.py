"""The API end to end: the app in its own process, called with gradio_client."""

import asyncio
import base64
import io
import math
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import fields
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from PIL import Image

from explorer.origin import Container, Credentials
from tests.support.clips import frameless, grey_ramp, sound_only

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client(server) -> Client:
    return Client(server, verbose=False)


def keys(value: object) -> object:
    """The shape of a report: the keys of dicts, and of the first entry of lists."""
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value and isinstance(value[0], dict) else None


SHAPE = {
    "schema_version": None,
    "zoo": {"source": None, "revision": None, "note": None},
    "clip": {
        **dict.fromkeys(("name", "duration_s", "width", "height", "fps", "frames_sampled", "faces_found", "people")),
        **dict.fromkeys(("not_judged", "frames", "brightness")),
        "credentials": dict.fromkeys(each.name for each in fields(Credentials)),
        "container": dict.fromkeys(each.name for each in fields(Container)),
    },
    "cpu": dict.fromkeys(("model", "cores", "threads", "instruction_sets")),
    "stages_ms": dict.fromkeys(("decode", "find_faces", "crop")),
    "variants": [
        {
            **dict.fromkeys(
                ("name", "engine", "verdict", "p_fake", "fake_frame_rate", "threshold", "uncertain", "guesses_on")
            ),
            **dict.fromkeys(("params", "size_mb", "plain_name", "slices", "run_ms")),
            "ms_per_face": {"median": None, "iqr": None},
            "people": [dict.fromkeys(("person", "faces", "p_fake", "verdict", "stretches"))],
            "frames": [dict.fromkeys(("time_s", "person", "p_fake", "box"))],
        }
    ],
    "errors": None,
    "summary": {
        **dict.fromkeys(("verdict", "headline", "details", "caveats", "caution", "next")),
        "evidence": dict.fromkeys(("level", "of", "words")),
    },
}


def test_defaults_alone_give_the_contract(client, portrait_clip, released):
    report = client.predict(handle_file(str(portrait_clip)), api_name="/analyze")
    assert keys(report) == SHAPE
    assert report["errors"] == []
    origin = {key: report["clip"].pop(key) for key in ("credentials", "container")}
    assert (origin["credentials"]["state"], origin["container"]["codec"]) == ("none", "h264 (High)")
    assert 50 < report["clip"].pop("brightness") < 200
    assert report["clip"] | {"duration_s": 4.0} == {
        "name": "portrait_untouched.mp4", "duration_s": 4.0, "width": 480, "height": 480, "fps": 25.0,
        "frames": 100, "frames_sampled": 32, "faces_found": 32, "people": 1, "not_judged": None,
    }  # fmt: skip
    assert tuple(row["name"] for row in report["variants"]) == released
    for row in report["variants"]:
        scored = [frame["p_fake"] for frame in row["frames"]]
        assert math.isclose(row["p_fake"], sum(scored) / len(scored), abs_tol=1e-5)
        assert all(0 <= p_fake <= 1 for p_fake in scored)
        assert row["ms_per_face"]["median"] > 0


def test_a_real_clip_with_other_settings(client, real_clips):
    clip = handle_file(str(real_clips / "real_face4.mp4"))
    report = client.predict(clip, variants=["lite0"], frames=6, finder="haar", engine="torch", api_name="/analyze")
    assert keys(report) == SHAPE
    assert [(row["name"], row["engine"]) for row in report["variants"]] == [("lite0", "torch")]
    assert report["clip"]["frames_sampled"] == 6
    assert report["clip"]["faces_found"] >= 5
    for frame in report["variants"][0]["frames"]:
        x0, y0, x1, y1 = frame["box"]
        assert -100 < x0 < x1 < 800
        assert -100 < y0 < y1 < 800


def test_engines_agree_through_the_api(client, portrait_clip):
    p_fake, floats = {}, ["b0", "lite0", "lite0_kd_p35"]
    for engine in ("torch", "openvino", "onnxruntime"):
        clip = handle_file(str(portrait_clip))
        report = client.predict(clip, variants=floats, frames=3, engine=engine, api_name="/analyze")
        p_fake[engine] = [frame["p_fake"] for row in report["variants"] for frame in row["frames"]]
    assert p_fake["openvino"] == pytest.approx(p_fake["torch"], abs=1e-4)
    assert p_fake["onnxruntime"] == pytest.approx(p_fake["torch"], abs=1e-4)


def test_variants_lists_the_zoo(client, released):
    rows = client.predict(api_name="/variants")
    assert tuple(row["name"] for row in rows) == released
    assert all(row["params"] > 1e6 and len(row["sha256"]) == 64 and "test" in row["metrics"] for row in rows)


def test_no_face_is_null_with_a_sentence(client, tmp_path):
    clip = grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(25)])
    report = client.predict(handle_file(str(clip)), frames=4, api_name="/analyze")
    assert {(row["verdict"], row["p_fake"]) for row in report["variants"]} == {("no face", None)}
    assert report["errors"][0]["message"].startswith("no face in 4 sampled frames of grey.mp4")


def test_an_unknown_variant_is_named_and_the_others_run(client, portrait_clip):
    clip = handle_file(str(portrait_clip))
    report = client.predict(clip, variants=["b9", "lite0"], frames=2, api_name="/analyze")
    assert [row["name"] for row in report["variants"]] == ["lite0"]
    assert report["errors"][0]["variant"] == "b9"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frames": 0}, "choose 1 to 300"),
        ({"frames": 301}, "choose 1 to 300"),
        ({"finder": "eyes"}, "no face finder named 'eyes'"),
        ({"variants": []}, "variants takes a list"),
    ],
)
def test_bad_requests_get_one_sentence(client, portrait_clip, changes, words):
    given = {"clip": handle_file(str(portrait_clip)), "frames": 2} | changes
    with pytest.raises(AppError, match=words):
        client.predict(**given, api_name="/analyze")


def test_an_unknown_engine_is_reported_for_each_variant(client, portrait_clip, released):
    report = client.predict(handle_file(str(portrait_clip)), frames=2, engine="tpu", api_name="/analyze")
    assert [error["variant"] for error in report["errors"]] == list(released)
    assert "no engine named 'tpu'" in report["errors"][0]["message"]


BAD_FILES = {
    "page.mp4": (lambda path: path.write_text("<html>no video</html>"), r"page\.mp4 cannot be read as a video"),
    "random.mp4": (lambda path: path.write_bytes(bytes(range(256)) * 40), r"random\.mp4 cannot be read as a video"),
    "empty.mp4": (lambda path: path.touch(), r"empty\.mp4 cannot be read as a video"),
    "frameless.mkv": (frameless, r"frameless\.mkv holds no frames"),
    "sound.mp4": (sound_only, r"sound\.mp4 holds only audio"),
    "long.mp4": (
        lambda path: grey_ramp(path, [float(i) for i in range(130)], 1),
        r"lasts 130 s, over the limit of 120 s",
    ),
    "heavy.mp4": (lambda path: path.write_bytes(bytes(51_000_000)), r"has 51\.0 MB, over the limit of 50 MB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_get_one_sentence_and_the_server_goes_on(client, tmp_path, name):
    make, words = BAD_FILES[name]
    make(tmp_path / name)
    with pytest.raises(AppError, match=words) as caught:
        client.predict(handle_file(str(tmp_path / name)), api_name="/analyze")
    assert "/" not in str(caught.value)  # no path of the server
    assert client.predict(api_name="/variants")


def test_a_truncated_clip_gets_one_sentence(client, portrait_clip, tmp_path):
    (tmp_path / "half.mp4").write_bytes(portrait_clip.read_bytes()[:400])
    with pytest.raises(AppError, match=r"half\.mp4"):
        client.predict(handle_file(str(tmp_path / "half.mp4")), api_name="/analyze")


def test_a_path_on_the_server_is_not_read(server, portrait_clip):
    body = f'{{"data": [{{"path": "{portrait_clip}"}}, null, 2, "haar", "auto"]}}'.encode()
    headers = {"content-type": "application/json"}
    call = urllib.request.Request(f"{server}/gradio_api/call/analyze", body, headers)
    event = urllib.request.urlopen(call).read().decode().split('"')[3]
    answer = urllib.request.urlopen(f"{server}/gradio_api/call/analyze/{event}").read().decode()
    assert "not a path on the server" in answer


@pytest.mark.server
def test_the_app_starts_without_train(tmp_path):
    """What a Space holds, in a fresh directory, serves."""
    for name in ("app.py", "explorer", "model_zoo"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    code = "import app, sys; assert not any(name.split('.')[0] == 'train' for name in sys.modules); print('ready')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip().endswith("ready"), done.stderr


PARAMETERS = {
    "/analyze": ["clip", "variants", "frames", "finder", "engine"],
    "/heatmaps": ["clip", "variants", "frames", "finder", "method", "layer"],
    "/robustness": ["clip", "variants", "frames", "finder"],
    "/embed": ["clip", "variant", "frames"],
    "/finders": ["clip", "frames"],
    "/variants": [],
}


def test_the_endpoints_are_the_contract(client):
    """Whoever changes this list changes what other people's programs call: raise schema_version, and say so."""
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    parameters = {name: [each["parameter_name"] for each in facts["parameters"]] for name, facts in endpoints.items()}
    assert parameters == PARAMETERS | {"/analyze_many": ["clips", "variants", "frames", "finder", "engine"]}
    assert all(facts["description"] for facts in endpoints.values())


def test_heatmaps(client, portrait_clip):
    settings = dict(variants=["lite0", "lite0_kd_p35_int8"], frames=3, api_name="/heatmaps")
    answer = client.predict(handle_file(str(portrait_clip)), **settings)
    assert keys(answer) == {
        **dict.fromkeys(("schema_version", "clip", "method", "layer", "errors")),
        "heatmaps": [dict.fromkeys(("variant", "time_s", "person", "p_fake", "image"))],
    }
    assert [row["variant"] for row in answer["heatmaps"]] == ["lite0"] * 3 + ["lite0_kd_p35_int8"] * 3
    encoded = answer["heatmaps"][0]["image"].removeprefix("data:image/png;base64,")
    assert Image.open(io.BytesIO(base64.b64decode(encoded))).size == (224, 224)
    with pytest.raises(AppError, match="no heatmap method named 'xray'"):
        client.predict(handle_file(str(portrait_clip)), method="xray", **settings)


def test_robustness(client, portrait_clip):
    settings = dict(variants=["lite0", "lite0_kd_p35_int8"], frames=4, api_name="/robustness")
    answer = client.predict(handle_file(str(portrait_clip)), **settings)
    assert keys(answer) == {
        **dict.fromkeys(("schema_version", "clip", "from_s", "to_s", "width", "height", "faces", "errors")),
        "variants": [
            {
                **dict.fromkeys(("name", "threshold", "uncertain", "holds", "changed_by")),
                "versions": [dict.fromkeys(("version", "title", "p_fake", "moved", "verdict"))],
            }
        ],
    }
    assert (answer["from_s"], answer["width"], answer["faces"], answer["errors"]) == (0, 480, 12, [])
    assert [row["name"] for row in answer["variants"]] == ["lite0", "lite0_kd_p35_int8"]


def test_embed(client, portrait_clip):
    answer = client.predict(handle_file(str(portrait_clip)), frames=8, api_name="/embed")
    assert keys(answer) == {
        **dict.fromkeys(("schema_version", "clip", "variant", "points", "clusters", "times", "persons")),
        "references": dict.fromkeys(("points", "clusters", "labels")),
    }
    assert len(answer["points"]) == len(answer["clusters"]) == len(answer["times"]) == 8
    assert all(len(point) == 3 for point in answer["points"])


def test_finders(client, portrait_clip):
    answer = client.predict(handle_file(str(portrait_clip)), frames=2, api_name="/finders")
    columns = ("finder", "batched", "side_px", "fps", "ms_per_frame", "found", "missed", "mean_iou_with_mtcnn")
    box = dict.fromkeys(("time_s", "boxes"))
    assert keys(answer) == {
        **dict.fromkeys(("schema_version", "clip", "frames", "boxes_side_px")),
        "rows": [dict.fromkeys(columns)],
        "boxes": {"mtcnn": [box], "mtcnn-tracked": [box], "haar": [box]},
    }


def test_agents_find_the_same_tools_but_that_of_many_clips(server):
    async def ask() -> tuple[dict[str, list[str]], list]:
        address = f"{server}/gradio_api/mcp/"
        async with streamablehttp_client(address) as (reading, writing, _), ClientSession(reading, writing) as session:
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool("variants", {})
            return {f"/{tool.name}": list(tool.inputSchema["properties"]) for tool in tools}, answer.content

    tools, answer = asyncio.run(ask())
    assert tools == PARAMETERS
    assert "lite0_kd_p35_int8" in answer[0].text
