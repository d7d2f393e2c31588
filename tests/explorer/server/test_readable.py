"""What Gradio would stumble over does not reach it: checked with Gradio's own server behind the doors."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from explorer.server.readable import is_host
from tests.support.gradio_app import API, guarded_server, open_routes

ODD = ["[", "]", "a b", "a/b", "[::1", "xn--", "a@b", "a:b:c", "http://a", ",", "%"]
pytestmark = pytest.mark.server
PLAIN = {"session_hash": "abc", "path:path": "x", "api_name": "repeat", "event_id": "abc"}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with guarded_server() as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.fixture
def file(client) -> Iterator[str]:
    """The address of an uploaded file of ten bytes."""
    path = client.post(f"{API}/upload", files={"files": ("clip.mp4", b"0123456789")}).json()[0]
    yield f"{API}/file={path}"
    Path(path).unlink()


def test_what_is_a_host():
    assert all(map(is_host, ["localhost", "a.hf.space", "127.0.0.1:7860", "[::1]:7860", "my_host"]))
    assert not any(map(is_host, ["", *ODD]))


@pytest.mark.parametrize("query", ["?page=x", "?page=", "?page=../../x", "?page=%00", "?deep_link=x", "?page=x&page=y"])
def test_the_page_is_one(client, query):
    answer = client.get(f"/{query}")
    assert answer.status_code == 200
    assert '"current_page":""' in answer.text
    assert client.get(f"/{query}&__theme=dark").status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Gradio-Server", "X-Forwarded-Proto", "Origin", "Referer"])
@pytest.mark.parametrize("path", ["/", "/config", f"{API}/info", f"{API}/openapi.json", f"{API}/mcp/schema"])
def test_odd_headers_break_nothing(client, header, path):
    answers = {odd: client.get(path, headers={header: odd}).status_code for odd in ODD}
    assert {odd: status for odd, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("path", ["/", "/config", f"{API}/info", f"{API}/openapi.json"])
def test_a_host_that_is_none_is_a_bad_request(client, path):
    answers = {odd: client.get(path, headers={"Host": odd}).status_code for odd in ODD}
    assert set(answers.values()) == {400}, answers


def test_what_a_proxy_says_is_believed_where_it_is_a_host(client):
    def root(**headers: str) -> str:
        return client.get("/config", headers=headers).json()["root"]

    https = {"X-Forwarded-Proto": "https"}
    assert root(**{"X-Forwarded-Host": "a.hf.space, inner"}, **https) == "https://a.hf.space"
    assert root(**{"X-Forwarded-Host": "a b"}) == root(**{"X-Gradio-Server": "http://evil.example"}) == root()


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=2-", 206, b"23456789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=0-99", 206, b"0123456789"),
        ("bytes=10-11", 416, None),
        ("bytes=10-", 416, None),
        *((odd, 200, b"0123456789") for odd in (
            "bytes=0-1,3-4", "bytes=0-1-2", "bytes=4-2", "bytes=-", "bytes=a-b", "bytes=", "bytes", "lines=0-1", "0-1",
            "bytes=1-" + 400 * "9", "bytes=--1", "bytes=,", "bytes=0-1,", "Bytes=0-1", "bytes=1.5-2",
        )),
    ],
)  # fmt: skip
def test_a_range_is_answered_or_ignored(client, file, asked, status, content):
    answer = client.get(file, headers={"Range": asked, "X-Secret": "cookie-like"})
    assert answer.status_code == status
    assert content is None or answer.content == content
    assert "x-secret" not in answer.headers
    assert answer.headers.get("content-range") == (
        f"bytes {_span(content)}/10" if status == 206 else answer.headers.get("content-range")
    )


def _span(content: bytes) -> str:
    return f"{content[:1].decode()}-{content[-1:].decode()}"


@pytest.mark.parametrize(("method", "path"), sorted(open_routes()))
def test_no_route_that_is_open_fails_at_odd_headers(client, method, path):
    for name, value in PLAIN.items():
        path = path.replace(name, value)
    if method == "GET" and re.search("heartbeat|queue/data|mcp$|/call/", path):
        pytest.skip("a stream, which has begun when it fails")
    for header in ({"X-Forwarded-Host": "["}, {"Range": "bytes=0-1,3-4"}, {"Content-Type": "a;;=", "Accept": ""}):
        status = client.request(method, f"{path}?page=x&a=%ff", headers=header).status_code
        assert status < 500, (header, status)
