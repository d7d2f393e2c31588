"""What strangers may not do to the running app over HTTP."""

import hashlib
import json
import math
import re
import urllib.request
from collections.abc import Iterator

import httpx
import pytest

from explorer import limits
from explorer.server import middleware

FILE = {"_type": "gradio.FileData"}
PRIVATE = re.compile(r"Traceback|File \"|site-packages|/work/|/home/|/usr/|/root/|\.py\b|0x[0-9a-f]{6}|Error\(")


@pytest.fixture(scope="module")
def http(server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{server}/gradio_api", timeout=120) as client:
        yield client


def upload(http: httpx.Client, content: bytes, name: str = "clip.mp4") -> str:
    answer = http.post("/upload", files={"files": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.json()[0]


@pytest.fixture(scope="module")
def clip(http, portrait_clip) -> dict:
    return {"path": upload(http, portrait_clip.read_bytes()), "meta": FILE}


def call(http: httpx.Client, function: str, *values: object) -> tuple[str, object]:
    """The last event of a call, its name and what it holds."""
    body = json.dumps({"data": values})  # NaN and Infinity too, which many a JSON writer lets pass
    joined = http.post(f"/call/{function}", content=body, headers={"content-type": "application/json"})
    assert joined.status_code == 200, joined.text
    events = http.get(f"/call/{function}/{joined.json()['event_id']}").text.strip().split("\n\n")
    kind, data = (line.split(": ", 1)[1] for line in events[-1].split("\n"))
    return kind, json.loads(data)


@pytest.mark.parametrize(
    "value", ["x", "2", math.nan, math.inf, -math.inf, 2.5, None, [], [2], {}, True, 10**400, 1e300]
)
def test_frames_of_another_kind(http, clip, value):
    kind, answer = call(http, "analyze", clip, ["b0"], value, "haar", "auto")
    assert (kind, answer["error"]) == ("error", "frames takes a whole number such as 32")


@pytest.mark.parametrize("value", [-1, 0, 301, 1e9])
def test_frames_out_of_range(http, clip, value):
    kind, answer = call(http, "analyze", clip, ["b0"], value, "haar", "auto")
    assert (kind, answer["error"]) == ("error", f"{value:.0f} frames were asked for; choose 1 to 300")


@pytest.mark.parametrize(
    ("function", "values", "words"),
    [
        ("analyze", [[1], 2, "haar", "auto"], "variants takes a list of names"),
        ("analyze", [[["b0"]], 2, "haar", "auto"], "variants takes a list of names"),
        ("analyze", [{"b0": 1}, 2, "haar", "auto"], "variants takes a list of names"),
        ("analyze", [100 * ["b0"], 2, "haar", "auto"], "variants takes a list of names"),
        ("analyze", [["b0"], 2, ["haar"], "auto"], "finder takes a name"),
        ("analyze", [["b0"], 2, None, "auto"], "finder takes a name"),
        ("analyze", [["b0"], 2, 10**5 * "x", "auto"], "finder takes a name"),
        ("analyze", [["b0"], 2, "../../etc", "auto"], "no face finder named '../../etc'"),
        ("analyze", [["b0"], 2, "haar", {"a": []}], "engine takes a name"),
        ("heatmaps", [["lite0"], 2, "haar", "xray", "pooled"], "no heatmap method named 'xray'"),
        ("heatmaps", [["lite0"], 2, "haar", [], "pooled"], "heatmap method takes a name"),
        ("heatmaps", [["lite0"], 2, "haar", "gradcam", "blocks.99"], "no layer named 'blocks.99'"),
        ("heatmaps", [["lite0"], 2, "haar", "evidence", None], "layer takes a name"),
        ("robustness", [[1], 2, "haar"], "variants takes a list of names"),
        ("robustness", [["b0"], [], "haar"], "frames takes a whole number"),
        ("robustness", [["b0"], 2, {}], "finder takes a name"),
        ("embed", [["b0"], 8], "variant takes a name"),
        ("embed", ["../../etc/passwd", 8], "no variant named '../../etc/passwd'"),
        ("embed", ["lite0_kd", "many"], "frames takes a whole number"),
        ("finders", [[]], "frames takes a whole number"),
        ("finders", [33], "the finders race over 1 to 32"),
    ],
)
def test_other_parameters_of_another_kind(http, clip, function, values, words):
    kind, answer = call(http, function, clip, *values)
    assert kind == "error"
    assert words in answer["error"]
    assert "\n" not in answer["error"]


@pytest.mark.parametrize("value", [None, "", "/etc/passwd", 5, [], {}, {"path": None}, {"path": ""}, {"path": ["a"]}])
def test_a_clip_that_is_no_file(http, value):
    kind, answer = call(http, "analyze", value, ["b0"], 2, "haar", "auto")
    assert kind == "error"
    assert answer["error"].startswith("clip takes a file")


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../../../etc/passwd", "app.py", "file:///etc/passwd", "{up}/../../../app"]
)
@pytest.mark.parametrize("extra", [{}, {"meta": FILE}, {"meta": FILE, "is_stream": True}, {"meta": 5}])
def test_files_of_the_server_are_no_clips(http, clip, path, extra):
    path = path.replace("{up}", clip["path"])
    kind, answer = call(http, "analyze", {"path": path} | extra, ["b0"], 2, "haar", "auto")
    assert kind == "error"
    assert answer["error"] in (None, "clip takes an uploaded file, not a path on the server")


def test_too_few_values_are_an_error_that_tells_nothing(http):
    assert call(http, "analyze") == ("error", {"error": None})


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/call/analyze", "{", 422),
        ("/call/analyze", "[]", 422),
        ("/call/analyze", '{"data": 5}', 422),
        ("/call/analyze", '{"data": "\\ud83c"}', 422),
        ("/call/analyze", '{"data": NaN}', 422),
        ("/call/analyze", "[" * 100_000, 400),
        ("/call/nothing", '{"data": []}', 404),
        ("/call/v2/nothing", "{}", 404),
        ("/call/v2/analyze", '{"clip": 1, "other": 2}', 422),
        ("/run/analyze", '{"data": []}', 404),  # it would pass the queue by
        ("/run/nothing", '{"data": []}', 404),
        ("/run/predict", '{"data": [], "fn_index": 99999}', 404),
        ("/queue/join", '{"data": [], "fn_index": 99999, "session_hash": "a"}', 404),
        ("/queue/join", '{"data": [], "fn_index": "x", "session_hash": "a"}', 422),
        ("/queue/join", '{"data": [], "fn_index": 1}', 400),
        ("/queue/join", '{"data": [], "session_hash": "a"}', 400),
        ("/cancel", "{}", 422),
        ("/process_recording", "{}", 404),
        ("/component_server", "{}", 404),
        ("/upload", "{}", 400),
    ],
)
def test_what_makes_no_sense_gets_a_plain_refusal(http, path, body, status):
    answer = http.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert not PRIVATE.search(answer.text)


def page_event(http: httpx.Client, server: str, name: str, data: list) -> dict:
    """What comes of calling one of the page's own events, as nobody's page does."""
    config = json.loads(urllib.request.urlopen(f"{server}/config").read())
    index = next(row["id"] for row in config["dependencies"] if row["api_name"] == name)
    session = f"stranger-{name}-{hash(str(data))}"
    assert http.post("/queue/join", json={"data": data, "fn_index": index, "session_hash": session}).status_code == 200
    stream = http.get("/queue/data", params={"session_hash": session}).text
    return next(
        message for line in stream.split("\n\n") if (message := json.loads(line[5:]))["msg"] == "process_completed"
    )


GOOD = ["zoo", ["b0"], "haar", 2, "auto", "evidence", "pooled"]


@pytest.mark.parametrize(
    "data",
    [
        [{"path": "/etc/passwd", "meta": FILE}, *GOOD],
        [{"path": "/etc/passwd"}, *GOOD],
        ["/etc/passwd", *GOOD],
        [None, "nonsense", *GOOD[1:]],
        [None, "zoo", ["../../etc"], *GOOD[2:]],
        [None, "zoo", ["b0"], "haar", "x", *GOOD[4:]],
        [None, "zoo", ["b0"], "haar", 10**9, *GOOD[4:]],
        [],
    ],
)
def test_the_pages_own_events_take_no_more_than_the_page_offers(http, server, data):
    answer = page_event(http, server, "compare", data)
    assert answer["success"] is False
    assert not PRIVATE.search(json.dumps(answer["output"]))


def test_too_large_an_upload_is_refused_in_one_sentence(http):
    answer = http.post("/upload", files={"files": ("heavy.mp4", bytes(limits.MAX_BYTES * 2))})
    assert (answer.status_code, answer.text) == (413, middleware.TOO_LARGE)
    assert "50 MB" in middleware.TOO_LARGE


def test_the_page_and_the_client_know_the_limit(server):
    config = json.loads(urllib.request.urlopen(f"{server}/config").read())
    assert config["max_file_size"] == 50 * 2**20  # what the page calls 50 MB
    assert not config["analytics_enabled"]


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "app.py", "requirements.txt", "../main/app.py", "/proc/self/environ", "."]
)
def test_files_of_the_server_are_not_handed_out(http, path):
    answer = http.get(f"/file={path}")
    assert answer.status_code == 403
    assert answer.json() == {"detail": f"File not allowed: {path}."}  # the same for what is there and what is not


def test_uploads_lie_where_nobody_guesses(http):
    content = b"a clip that somebody else has too"
    path = upload(http, content)
    assert http.get(f"/file={path}").content == content  # whoever was told the path
    folder = path.split("/")[-2]
    assert re.fullmatch("[0-9a-f]{64}", folder)
    assert folder != hashlib.sha256(content).hexdigest()  # salted: having the clip is not knowing the path
    assert http.get(f"/file={path.rsplit('/', 1)[0]}").status_code == 403  # no listing
    assert http.get(f"/file={path.rsplit('/', 2)[0]}").status_code == 403


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "script.js", "data.xml"])
def test_an_upload_is_no_page_of_ours(http, name):
    answer = http.get(f"/file={upload(http, b'<script>alert(1)</script>', name)}")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_other_sites_do_not_read_answers_on_this_machine(http, origin):
    assert "access-control-allow-origin" not in http.get("/info", headers={"Origin": origin}).headers
    assert "access-control-allow-origin" in http.get("/info", headers={"Origin": "http://localhost:3000"}).headers


@pytest.mark.parametrize("host", ["localhost.", "x.localhost", "[::1]", "127.0.0.2", "rebound.example"])
def test_nor_by_another_name_of_this_machine(http, host):
    answer = http.get("/info", headers={"Host": f"{host}:7860", "Origin": "https://evil.example"})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
