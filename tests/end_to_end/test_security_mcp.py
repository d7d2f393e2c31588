"""What strangers may not do to the running app with addresses, over HTTP and as MCP tools."""

import asyncio
import base64
import http.server
import json
from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

FILE = {"_type": "gradio.FileData"}
REFUSED = "the clip could not be fetched; give a public http or https address"


class Inner(http.server.BaseHTTPRequestHandler):
    """What only this machine should reach."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"secret")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def inner() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Inner) as server:
        server.asked = []
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def refusal_of(server: str, clip: object) -> str:
    """What /analyze says to a clip that it refuses."""
    address = f"{server}/gradio_api/call/analyze"
    event = httpx.post(address, json={"data": [clip, ["b0"], 2, "haar", "auto"]}).json()["event_id"]
    kind, data = httpx.get(f"{address}/{event}", timeout=60).text.strip().split("\n\n")[-1].split("\n")
    assert kind == "event: error"
    return json.loads(data.removeprefix("data: "))["error"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "2130706433", "127.1"])
@pytest.mark.parametrize("shape", ["path", "list"])
def test_the_server_asks_nothing_inside_for_a_client(server, inner, host, shape):
    url = f"http://{host}:{inner.server_address[1]}/clip.mp4"
    clip = {"path": url, "meta": FILE}
    assert refusal_of(server, [clip, clip] if shape == "list" else clip).startswith(REFUSED)
    assert inner.asked == []


def test_the_address_of_an_upload_is_not_asked(server, inner, portrait_clip):
    path = httpx.post(f"{server}/gradio_api/upload", files={"files": portrait_clip.read_bytes()}).json()[0]
    url = f"http://127.0.0.1:{inner.server_address[1]}/"
    answer = {"path": path + ".not-there", "url": url, "meta": FILE}
    assert refusal_of(server, answer).endswith("does not exist; upload it again")
    assert httpx.get(f"{server}/gradio_api/file={url}").status_code == 404
    assert httpx.get(f"{server}/gradio_api/proxy={url}").status_code == 404
    assert inner.asked == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "http://169.254.169.254/", "http://[::1]/"],
)
def test_other_addresses_are_refused(server, url):
    answer = refusal_of(server, {"path": url, "meta": FILE})
    assert answer is None or answer.startswith(REFUSED)


async def _with_tools(server: str, use) -> object:
    address = f"{server}/gradio_api/mcp/"
    async with streamable_http_client(address) as (reading, writing, _), ClientSession(reading, writing) as session:
        await session.initialize()
        return await use(session)


def analyzed(server: str, **arguments: object) -> tuple[bool, str]:
    """Whether the MCP tool `analyze` failed, and what it said."""

    async def use(session: ClientSession):
        return await session.call_tool("analyze", {"variants": ["lite0"], "frames": 2, "finder": "haar"} | arguments)

    answer = asyncio.run(_with_tools(server, use))
    return answer.isError, answer.content[0].text


def test_an_agent_gives_an_upload_or_the_clip_itself(server, portrait_clip):
    content = portrait_clip.read_bytes()
    path = httpx.post(f"{server}/gradio_api/upload", files={"files": ("clip.mp4", content)}).json()[0]
    inline = f"data:video/mp4;base64,{base64.b64encode(content).decode()}"
    for clip in (f"{server}/gradio_api/file={path}", inline):
        failed, words = analyzed(server, clip=clip)
        assert not failed, words
        assert "'faces_found': 2" in words


def test_an_agent_reads_no_files_and_asks_nothing_inside(server, inner):
    inside = f"http://127.0.0.1:{inner.server_address[1]}/clip.mp4"
    for clip in (inside, f"{server}/gradio_api/file=/etc/passwd"):
        failed, words = analyzed(server, clip=clip)
        assert failed
        assert words.startswith(REFUSED)
    for clip in ("/etc/passwd", "file:///etc/passwd", {"path": "/etc/passwd", "meta": FILE}):
        assert analyzed(server, clip=clip)[0]
    assert inner.asked == []


@pytest.mark.parametrize("name", ["variants", "frames", "finder", "engine", "other"])
@pytest.mark.parametrize("wrap", [lambda file: file, lambda file: [file]])
def test_no_other_parameter_of_a_tool_takes_a_file(server, name, wrap):
    """Gradio's MCP server is a client of its own app: of a file in its arguments it would upload the server's own."""
    failed, words = analyzed(
        server, clip=f"{server}/gradio_api/file=/x", **{name: wrap({"path": __file__, "meta": FILE})}
    )
    assert failed
    assert "Input validation error" in words or "not a valid key-word argument" in words


def test_every_parameter_of_every_tool_has_a_plain_type(server):
    tools = asyncio.run(_with_tools(server, lambda session: session.list_tools())).tools
    kinds = set()
    for tool in tools:
        for schema in tool.inputSchema["properties"].values():
            choices = schema.get("oneOf", [schema])
            kinds |= {(choice["type"], choice.get("items", {}).get("type")) for choice in choices}
    assert len(tools) == 6
    assert kinds == {("string", None), ("integer", None), ("null", None), ("array", "string")}
