"""Files of a table below one path, and nothing else."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.server.middleware import _OPEN
from explorer.server.static_files import StaticFiles


@pytest.fixture
def client(tmp_path):
    (tmp_path / "a.onnx").write_bytes(b"graph")
    files = {"index.html": b"<p>page", "page.js": b"1", "zoo/a.onnx": tmp_path / "a.onnx"}
    doors = [Middleware(StaticFiles, prefix="/device", files=lambda: files)]
    routes = [Route("/devices", lambda request: PlainTextResponse("another"))]
    return TestClient(Starlette(routes=routes, middleware=doors))


def test_files_come_with_their_kinds_and_apart_from_other_pages(client):
    page, script, graph = (client.get(f"/device/{path}") for path in ("", "page.js", "zoo/a.onnx"))
    assert (page.text, script.text, graph.content) == ("<p>page", "1", b"graph")
    assert page.headers["content-type"].startswith("text/html")
    assert script.headers["content-type"].startswith("text/javascript")
    assert page.headers["cross-origin-opener-policy"] == "same-origin"
    assert graph.headers["cross-origin-embedder-policy"] == "require-corp"


def test_what_is_asked_for_by_version_is_kept(client):
    assert client.get("/device/zoo/a.onnx").headers["cache-control"] == "no-cache"
    assert "immutable" in client.get("/device/zoo/a.onnx?v=1").headers["cache-control"]


def test_nothing_else_is_answered(client):
    for path in ("/device/app.py", "/device/../app.py", "/device/zoo", "/device/%2e%2e/app.py", "/device//etc/passwd"):
        assert client.get(path).status_code == 404, path
    assert client.get("/devices").text == "another"
    assert client.post("/device/").status_code == 405


def test_the_folders_name_leads_into_it(client):
    answer = client.get("/device", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "device/")


@pytest.mark.parametrize("path", ["/device", "/device/", "/device/zoo/lite0_kd/model.onnx"])
def test_its_door_stands_open(path):
    assert _OPEN["GET"].fullmatch(path)
    assert not _OPEN["POST"].fullmatch(path)
