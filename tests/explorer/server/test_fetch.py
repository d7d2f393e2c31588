"""Clips named by URL: from public addresses only, up to the limits, one a call."""

import asyncio
import time
from collections.abc import Iterator
from contextvars import Context
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import gradio as gr
import pytest

from explorer import limits
from explorer.server import fetch
from explorer.server.addresses import public_address

CLIP = b"a clip" * 1000


class Elsewhere(BaseHTTPRequestHandler):
    """A server on loopback, which stands in for one on the internet."""

    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, pieces = {
            "/clip.mp4": (200, {}, [CLIP]),
            "/moved": (302, {"Location": "/clip.mp4"}, []),
            "/inwards": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, []),
            "/for-ever": (302, {"Location": "/for-ever"}, []),
            "/file": (302, {"Location": "file:///etc/passwd"}, []),
            "/endless": (200, {}, (CLIP for _ in range(10**6))),
        }.get(self.path, (404, {}, [b"none"]))
        self.send_response(status)
        for header in headers.items():
            self.send_header(*header)
        self.end_headers()
        try:
            for piece in pieces:
                self.wfile.write(piece)
        except OSError:
            self.server.asked.append("hung up")

    def log_message(self, *_):
        pass


@pytest.fixture
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.asked = []
        server.url = f"http://public.test:{server.server_address[1]}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


async def loopback_is_public(host: str) -> str:
    """As if the internet were here, and public_address elsewhere."""
    return "127.0.0.1" if host == "public.test" else await public_address(host)


def fetched(url: str, folder: Path, address_of=loopback_is_public) -> str:
    """In a call of its own."""
    return Context().run(asyncio.run, fetch.fetch(url, str(folder), address_of))


@pytest.mark.parametrize("path", ["/clip.mp4", "/moved"])
def test_a_clip_is_fetched(elsewhere, tmp_path, path):
    path_of_clip = Path(fetched(elsewhere.url + path, tmp_path))
    assert path_of_clip.read_bytes() == CLIP
    assert path_of_clip.parent.parent == tmp_path
    assert path_of_clip.name == path[1:]


@pytest.mark.parametrize("path", ["/nowhere", "/inwards", "/for-ever", "/file", "/endless"])
def test_what_is_no_clip_gets_one_sentence_and_leaves_nothing(elsewhere, tmp_path, monkeypatch, path):
    monkeypatch.setattr(limits, "MAX_BYTES", 10 * len(CLIP))
    with pytest.raises(gr.Error, match=r"^'the clip could not be fetched; give a public http or https address"):
        fetched(elsewhere.url + path, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(elsewhere.asked) <= limits.MAX_REDIRECTS + 2


@pytest.mark.parametrize("url", ["http://[", "http://]/", "http://[::1", "http://", "http://a\0b/", "http://a:99999/"])
def test_what_is_no_address_gets_the_same_sentence(tmp_path, url):
    with pytest.raises(gr.Error, match="could not be fetched"):
        fetched(url, tmp_path)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0.0.0.0"])
def test_a_server_on_loopback_is_not_asked(elsewhere, tmp_path, host):
    with pytest.raises(gr.Error, match="could not be fetched"):
        fetched(f"http://{host}:{elsewhere.server_address[1]}/clip.mp4", tmp_path, public_address)
    assert elsewhere.asked == []


def test_who_does_not_answer_is_not_waited_for(tmp_path, monkeypatch):
    async def never(host):
        await asyncio.sleep(3600)

    monkeypatch.setattr(limits, "MAX_FETCH_SECONDS", 0.1)
    began = time.perf_counter()
    with pytest.raises(gr.Error, match="could not be fetched"):
        fetched("http://public.test/clip.mp4", tmp_path, never)
    assert time.perf_counter() - began < 60


def test_a_call_fetches_once(elsewhere, tmp_path):
    async def twice():
        await fetch.fetch(elsewhere.url + "/clip.mp4", str(tmp_path), loopback_is_public)
        await fetch.fetch(elsewhere.url + "/clip.mp4", str(tmp_path), loopback_is_public)

    with pytest.raises(gr.Error, match="one clip by URL"):
        Context().run(asyncio.run, twice())
    assert elsewhere.asked == ["/clip.mp4"]


def test_an_upload_to_this_server_is_taken_from_the_disk(elsewhere, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    assert fetched(f"{elsewhere.url}{fetch.UPLOADED}{tmp_path}/a%20clip.mp4", tmp_path) == f"{tmp_path}/a clip.mp4"
    for outside in ("/etc/passwd", f"{tmp_path}/../other"):
        with pytest.raises(gr.Error, match="could not be fetched"):
            fetched(f"{elsewhere.url}{fetch.UPLOADED}{outside}", tmp_path)
