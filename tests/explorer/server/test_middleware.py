"""Which of Gradio's doors stand open, and how much comes in."""

import asyncio
import json
import os
from collections import namedtuple
from collections.abc import AsyncIterator

import gradio as gr
import pytest
from gradio.data_classes import PredictBodyInternal
from gradio.route_utils import FnIndexInferError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.limits import MAX_REQUEST_BYTES, MAX_UPLOAD_BYTES, MIN_FREE_DISK_BYTES
from explorer.server import middleware
from explorer.server.middleware import FRAMING
from tests.support.gradio_app import open_routes

API = "/gradio_api"
UPLOAD = f"{API}/upload"
JOIN = f"{API}/queue/join"
BREAKS = {"unknown": HTTPException(404), "bug": ZeroDivisionError(), "starlette": RuntimeError("of another kind")}


async def answer(request: Request) -> Response:
    """A server behind the doors: it says how much came in, or fails as it is told to."""
    failure = {
        "key": KeyError,
        "kind": TypeError,
        "name": FnIndexInferError,
        "text": ValueError,
        "bug": ZeroDivisionError,
    }
    if request.query_params.get("break") in BREAKS:
        return StreamingResponse(_broken_off(BREAKS[request.query_params["break"]]))
    if request.query_params.get("fail") in failure:
        raise failure[request.query_params["fail"]]("secret")
    return PlainTextResponse(str(len(await request.body())))


async def _broken_off(error: Exception) -> AsyncIterator[str]:
    yield "event: error\n\n"
    raise error


def _client(**settings) -> TestClient:
    routes = [Route("/{path:path}", answer, methods=["GET", "HEAD", "POST", "PUT", "PATCH", "TRACE"])]
    return TestClient(Starlette(middleware=[Middleware(middleware.RouteAllowlist)], routes=routes), **settings)


@pytest.fixture
def client() -> TestClient:
    return _client()


@pytest.mark.parametrize(
    "path",
    ["/", "/?__theme=dark", "/config", "/assets/index.js", "/static/img/logo.svg", "/theme.css", "/favicon.ico",
     f"{API}/info", f"{API}/startup-events", f"{API}/heartbeat/abc", f"{API}/queue/data?session_hash=abc",
     f"{API}/call/analyze/abc", f"{API}/file=/tmp/uploads/0/clip.mp4", f"{API}/mcp/schema"],
)  # fmt: skip
def test_what_the_page_and_clients_read_is_open(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/monitoring", "/monitoring/summary", "/login", "/dev/reload", "/docs", "/openapi.json", "/nonsense", "/svelte/x",
     f"{API}/runs", f"{API}/run-history/records", f"{API}/deep_link?session_hash=abc", f"{API}/token", f"{API}/user",
     f"{API}/proxy=https://a.hf.space/", f"{API}/file=http://127.0.0.1/", f"{API}/file=https://example.org/a",
     f"{API}/file=file:/etc/passwd", f"{API}/file=", f"{API}/file/etc/passwd", f"{API}/vibe-code", f"{API}/dev/reload",
     f"{API}/custom_component/a/client/b/c", f"{API}/stream/a/b/c/playlist.m3u8", f"{API}/profiling/traces"],
)  # fmt: skip
def test_the_rest_is_shut(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "name", ["process_recording", "component_server", "vibe-edit", "stream/abc", "run-history/connect"]
)
def test_what_takes_and_is_not_used_is_shut(client, name):
    assert client.post(f"{API}/{name}").status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE"])
def test_other_methods_are_shut(client, method):
    assert client.request(method, JOIN).status_code == 404


def test_of_gradios_own_doors_these_stand_open():
    """A new version of Gradio may have new ones: whoever changes this list has looked at what they do."""
    assert {path.rstrip("/") or "/" for _, path in open_routes()} == {
        "/", "/config", "/static/path:path", "/assets/path:path", "/theme.css", "/favicon.ico", "/robots.txt",
        "/manifest.json",
        *(f"{API}/{name}" for name in (
            "info", "openapi.json", "app_id", "startup-events", "queue/data", "queue/status", "upload_progress",
            "theme.css", "heartbeat/session_hash", "call/api_name/event_id", "call/v2/api_name/event_id",
            "file=/tmp/x", "queue/join", "cancel", "reset", "upload", "call/api_name", "call/v2/api_name",
            "run/api_name", "api/api_name", "mcp", "mcp/schema",
        )),
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/sse", "/http", "/messages/", "/schema/x", "//", "/gradio_api/mcp", "/%3C/script%3E/gradio_api/mcp",
     "/%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E/gradio_api/mcp"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "text/event-stream"])
def test_agents_have_two_addresses(client, path, accept):
    for method in ("GET", "POST", "DELETE"):
        assert client.request(method, f"{API}/mcp{path}", headers={"Accept": accept}).status_code == 404


@pytest.mark.parametrize("path", [f"{API}/mcp", f"{API}/mcp/"])
def test_agents_get_event_streams_and_browsers_one_sentence(client, path):
    for method in ("GET", "HEAD"):
        assert (
            client.request(method, path, headers={"Accept": "application/json, text/event-stream"}).status_code == 200
        )
        refusal = client.request(method, path, headers={"Accept": "text/html, */*"})
        assert (refusal.status_code, refusal.headers["content-type"]) == (406, "text/plain; charset=utf-8")
    assert client.get(path).text == middleware.FOR_AGENTS
    assert client.post(path, headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("host", ["", "[", "a b", "evil.example/x"])
def test_a_request_names_its_host(client, host):
    answer = client.get("/config", headers={"Host": host})
    assert (answer.status_code, answer.text) == (400, middleware.NO_HOST)


@pytest.mark.parametrize(
    ("path", "size", "words"),
    [(UPLOAD, MAX_UPLOAD_BYTES + FRAMING, None), (JOIN, MAX_REQUEST_BYTES, None),
     (UPLOAD, MAX_UPLOAD_BYTES + FRAMING + 1, middleware.TOO_LARGE),
     (JOIN, MAX_REQUEST_BYTES + 1, middleware.TOO_LONG)],
)  # fmt: skip
def test_a_length_that_is_told_is_believed(client, path, size, words):
    response = client.post(path, content=bytes(size))
    assert (response.status_code, response.text) == ((413, words) if words else (200, str(size)))


def test_a_length_that_is_not_told_is_counted(client):
    def pieces(count):
        return (bytes(100_000) for _ in range(count))

    assert client.post(JOIN, content=pieces(10)).text == "1000000"
    assert client.post(JOIN, content=pieces(11)).status_code == 413
    with pytest.raises(Exception, match=middleware.TOO_LARGE.replace(".", r"\.")):  # which Gradio's upload makes a 413
        client.post(UPLOAD, content=pieces(600))


@pytest.mark.parametrize(("method", "path"), sorted(open_routes()))
def test_no_open_route_takes_a_flood(client, method, path):
    """Told in advance or not: a route that is new is in this list."""
    events = {"Accept": "text/event-stream"}
    most = MAX_UPLOAD_BYTES + FRAMING if path == UPLOAD else MAX_REQUEST_BYTES
    told = client.request(method, path, headers=events | {"Content-Length": str(most + 1)})
    assert told.status_code == 413
    if path != UPLOAD and method in ("GET", "POST"):
        pieces = (bytes(100_000) for _ in range(most // 100_000 + 1))
        assert client.request(method, path, headers=events, content=pieces).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "many", "0x10"])
def test_a_length_that_is_no_number_is_refused(client, length):
    assert client.post(JOIN, content=b"x", headers={"content-length": length}).status_code == 413


def test_a_full_disk_takes_no_uploads(client, monkeypatch):
    assert client.post(UPLOAD, content=b"x").status_code == 200
    facts = namedtuple("facts", "f_bavail f_frsize f_files f_favail")
    monkeypatch.setattr(os, "statvfs", lambda path: facts(MIN_FREE_DISK_BYTES - 1, 1, 0, 0))
    response = client.post(UPLOAD, content=b"x")
    assert (response.status_code, response.text) == (507, middleware.NO_ROOM)
    assert client.post(JOIN, content=b"x").status_code == 200


@pytest.mark.parametrize(
    ("failure", "status", "words"),
    [
        ("key", 404, middleware.NO_SUCH),
        ("name", 404, middleware.NO_SUCH),
        ("kind", 422, middleware.ILL_FITTING),
        ("text", 422, middleware.ILL_FITTING),
    ],
)
def test_asking_for_what_there_is_not_gets_one_sentence(client, failure, status, words):
    response = client.post(f"{JOIN}?fail={failure}")
    assert (response.status_code, response.json()) == (status, {"detail": words})


def test_a_bug_is_no_mistake_of_the_client():
    quiet = _client(raise_server_exceptions=False)
    for method, path in (
        ("POST", f"{JOIN}?fail=bug"),
        ("POST", f"{UPLOAD}?fail=key"),
        ("GET", f"{API}/call/a/b?fail=key"),
    ):
        response = quiet.request(method, path)
        assert (response.status_code, response.text) == (500, "Internal Server Error")


def test_a_stream_of_an_unknown_call_ends_after_its_last_event(client):
    response = client.get(f"{API}/call/analyze/abc?break=unknown")
    assert (response.status_code, response.text) == (200, "event: error\n\n")


@pytest.mark.parametrize(("kind", "error"), [("bug", ZeroDivisionError), ("starlette", RuntimeError)])
def test_a_bug_in_a_stream_keeps_its_traceback(client, kind, error):
    with pytest.raises(error):
        client.get(f"{API}/call/analyze/abc?break={kind}")


def test_answers_are_labelled(client):
    page, file = client.get("/"), client.get(f"{API}/file=/tmp/uploads/0/clip.mp4")
    assert page.headers["x-content-type-options"] == file.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert file.headers["cache-control"] == "private"
    assert "cache-control" not in page.headers


def test_a_full_queue_says_so_in_our_words():
    queue = gr.Blocks().queue(max_size=0)._queue
    _, theirs, kind = asyncio.run(queue.push(PredictBodyInternal(data=[], fn_index=0), None, None))
    assert kind == "queue_full"
    refusal = asyncio.run(middleware.busy(None, HTTPException(503, theirs)))
    assert (refusal.status_code, refusal.headers["retry-after"], json.loads(refusal.body)) == (
        503,
        "60",
        {"detail": middleware.BUSY},
    )
    assert b"stopped" in asyncio.run(middleware.busy(None, HTTPException(503, "Queue is stopped."))).body
