"""Which scripts run: on the page its own, anywhere else none."""

import re
from collections.abc import Iterator
from pathlib import Path

import gradio
import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.server.content_policy import (
    ASSET,
    FILE,
    NOTHING,
    ON_DEVICE,
    PAGE,
    POLICIES,
    ContentPolicy,
    failed,
    page_policy,
    policies_of,
    without_gradios_title,
)
from tests.support.gradio_app import API, guarded_server, open_routes

HEADER = "content-security-policy"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with guarded_server() as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize("path", sorted({path for _, path in open_routes()}))
def test_every_route_that_is_open_has_its_line(path):
    """A new route gets a line in the table; whoever writes it has looked at what the answer may hold."""
    assert len(policies_of(path)) == 1


def test_what_the_lines_say():
    assert policies_of("/") == [PAGE]
    assert policies_of("/assets/a.js") == [ASSET]
    assert policies_of("/device/") == policies_of("/device/zoo/b0/model.onnx") == [ON_DEVICE]
    assert policies_of(f"{API}/file=/tmp/x") == [FILE]
    for path in (f"{API}/mcp/", f"{API}/info", f"{API}/call/analyze/a", "/config", f"{API}/queue/data"):
        assert policies_of(path) == [NOTHING]
    for path in (f"{API}/mcp/x", "/docs", "/assets"):
        assert policies_of(path) == []


def test_webassembly_is_compiled_on_the_device_page_alone():
    assert [route for route, policy in POLICIES.items() if "wasm-unsafe-eval" in policy] == ["/device(/.*)?"]
    assert "unsafe-inline" not in ON_DEVICE and "'unsafe-eval'" not in ON_DEVICE and "http" not in ON_DEVICE


def test_the_pages_own_scripts_run_and_no_others():
    # printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    known = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
    policy = page_policy(b"<script src='a.js'></script><script type=module>alert(1)</script>")
    assert f"script-src 'self' 'unsafe-eval' {known};" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "sha256" not in page_policy(b"<p>none</p>")


def test_the_page_takes_from_elsewhere_what_it_uses():
    sources = {name: set(rest) for name, *rest in (line.split() for line in page_policy(b"").split("; "))}
    made_in_the_browser = {name for name, rest in sources.items() if rest & {"data:", "blob:"}}
    assert made_in_the_browser == {"img-src"}  # no fonts: none of Gradio's that lie in its styles are used
    assert not any(":" in source.removesuffix(":") for rest in sources.values() for source in rest)


@pytest.mark.server
def test_a_script_that_came_in_from_elsewhere_is_not_summed(client):
    page = client.get("/").content
    assert page_policy(page).count("sha256-") == 5
    assert "sha256-" not in page_policy(page.replace(b"<head>", b"<head><script>alert(1)</script>"))


def test_a_space_may_be_shown_by_the_hub(monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert page_policy(b"").endswith("frame-ancestors 'self'")
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    assert page_policy(b"").endswith("frame-ancestors 'self' https://huggingface.co")


def test_a_page_in_pieces_is_summed_whole():
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        for piece in (b"<script>al", b"ert(1)</script>"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    answer = TestClient(ContentPolicy(page)).get("/")
    assert answer.text == "<script>alert(1)</script>"
    assert "sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=" in answer.headers[HEADER]


def test_what_is_not_the_page_runs_nothing():
    routes = [
        Route("/other", lambda request: HTMLResponse("<script>alert(1)</script>")),
        Route("/", lambda request: PlainTextResponse("<script>alert(1)</script>")),
    ]
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(ContentPolicy)]))
    for path in ("/other", "/", "/nowhere"):
        assert client.get(path).headers[HEADER] == NOTHING


def test_an_answer_to_a_bug_runs_nothing():
    def bug(request):
        raise ZeroDivisionError

    app = Starlette(routes=[Route("/", bug)], exception_handlers={Exception: failed})
    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert (answer.status_code, answer.text, answer.headers[HEADER]) == (500, "Internal Server Error", NOTHING)


@pytest.mark.server
def test_every_answer_has_one(client):
    path = client.post(f"{API}/upload", files={"files": ("a.mp4", b"x")}).json()[0]
    answers = {
        PAGE: [client.get("/"), client.get("/?page=x"), client.head("/")],
        FILE: [client.get(f"{API}/file={path}"), client.get(f"{API}/file=/etc/passwd")],
        ASSET: [client.get("/static/img/logo.svg"), client.get("/assets/nowhere.js")],
        NOTHING: [
            client.get("/config"),
            client.get("/nowhere"),
            client.get(f"{API}/mcp/"),
            client.get(f"{API}/mcp/%3Cscript%3E/gradio_api/mcp"),
            client.post(f"{API}/call/nowhere", json={"data": []}),
            client.post(f"{API}/queue/join", content=b"x" * 2_000_000),
            client.options("/", headers={"Origin": "http://a", "Access-Control-Request-Method": "GET"}),
        ],
    }
    for policy, given in answers.items():
        for answer in given:
            expected = page_policy(answer.content) if policy is PAGE and answer.content else policy.split("{")[0]
            assert answer.headers[HEADER].startswith(expected), answer.url


def test_links_to_the_page_are_previewed_by_its_own_title():
    page = (Path(gradio.__file__).parent / "templates" / "frontend" / "index.html").read_bytes()
    titled = without_gradios_title(page)
    assert len(titled) == len(page)
    assert page.count(b'property="og:title"') == 2
    assert re.findall(rb'property="og:title" content="([^"]*)"', titled) == [b"{{ config['title'] or '' }}"]
