"""Connections that wait for their client do not wait for ever, nor keep others out."""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest
import uvicorn
from uvicorn.server import ServerState

from explorer import limits
from explorer.server import connections
from explorer.server.connections import BoundedProtocol

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(connections, "CHECKED_EVERY_S", 0.02)
    monkeypatch.setattr(limits, "MAX_HEAD_SECONDS", 0.2)
    monkeypatch.setattr(limits, "MAX_STALL_SECONDS", 0.2)


async def app(scope, receive, send):
    """`/` answers at once, `/work` after half a second; `/long` answers at length, `/bits` bit by bit; what is posted
    is read first."""
    more = scope["method"] == "POST"
    while more:
        message = await receive()
        more = message.get("more_body", False)
    if scope["path"] == "/work":
        await asyncio.sleep(0.5)
    body, times = {"/long": (b"x" * 20_000_000, 1), "/bits": (b"x" * 60_000, 400)}.get(scope["path"], (b"ok", 1))
    length = (b"content-length", str(len(body) * times).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    for index in range(times):
        await send({"type": "http.response.body", "body": body, "more_body": index < times - 1})


Open = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def served(trial: Callable[[Open, ServerState], Awaitable[None]]) -> None:
    """Run a trial against a server of such connections."""

    async def run() -> None:
        settings, state = uvicorn.Config(app, lifespan="off", log_config=None), ServerState()
        settings.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: BoundedProtocol(settings, state, {}), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        writers = []

        async def open_one() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writers.append(writer)
            return reader, writer

        await asyncio.wait_for(trial(open_one, state), 60)
        for writer in writers:
            writer.close()
        server.close()

    asyncio.run(run())


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server closes."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.parametrize("head", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_has_its_time(head):
    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(head)
        assert await rest(reader) == b""

    served(trial)


def test_a_head_that_drips_has_no_more():
    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(GET[:-2])
        closed = asyncio.ensure_future(rest(reader))
        for index in range(100):
            if closed.done():
                return
            writer.write(b"X-%d: a\r\n" % index)
            await asyncio.sleep(0.02)
        raise AssertionError("still open")

    served(trial)


def test_a_body_that_drips_is_given_up(monkeypatch):
    monkeypatch.setattr(limits, "MIN_BYTES_PER_SECOND", 1_000_000)

    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(POST)
        closed = asyncio.ensure_future(rest(reader))
        for _ in range(100):
            if closed.done():
                return
            writer.write(b"x")
            await asyncio.sleep(0.02)
        raise AssertionError("still open")

    served(trial)


def test_a_body_that_keeps_coming_may_take_longer(monkeypatch):
    monkeypatch.setattr(limits, "MIN_BYTES_PER_SECOND", 50_000)

    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(POST)
        for _ in range(20):  # 0.6 s for what may take 2.2 s
            writer.write(b"x" * 5000)
            await asyncio.sleep(0.03)
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"

    served(trial)


def test_the_servers_own_time_is_nobodys_fault():
    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(GET.replace(b"/ ", b"/work "))
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"

    served(trial)


def test_an_answer_that_nobody_takes_is_given_up():
    async def trial(open_one, state):
        _, writer = await open_one()
        writer.write(GET.replace(b"/ ", b"/long "))
        while not state.connections:
            await asyncio.sleep(0.01)
        writer.transport.pause_reading()
        while state.connections:
            await asyncio.sleep(0.02)

    served(trial)


def test_a_long_answer_may_be_taken_bit_by_bit(monkeypatch):
    monkeypatch.setattr(limits, "MAX_STALL_SECONDS", 0.1)
    monkeypatch.setattr(limits, "MIN_BYTES_PER_SECOND", 10**9)

    async def trial(open_one, state):
        reader, writer = await open_one()
        writer.write(GET.replace(b"/ ", b"/bits "))
        left = 24_000_000
        for _ in range(25):  # 0.75 s, most of which the answer waits
            left -= len(await reader.readexactly(900_000))
            await asyncio.sleep(0.03)
        left -= len(await reader.readexactly(left))
        assert left == 0

    served(trial)


def test_requests_one_after_another_each_have_their_time():
    async def trial(open_one, state):
        reader, writer = await open_one()
        for _ in range(6):  # 0.6 s in all
            writer.write(GET)
            assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
            await reader.readuntil(b"ok")
            await asyncio.sleep(0.1)

    served(trial)


def test_the_idle_make_room_for_the_new(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 3)
    monkeypatch.setattr(limits, "MAX_HEAD_SECONDS", 60)

    async def trial(open_one, state):
        idle = [await open_one() for _ in range(3)]
        for reader, _ in idle[:2]:
            new, writer = await open_one()
            writer.write(GET.replace(b"/ ", b"/work "))
            assert await rest(reader) == b""  # the one that has waited longest
            await asyncio.sleep(0.01)
        assert len(state.connections) == 3
        assert await new.readline() == b"HTTP/1.1 200 OK\r\n"

    served(trial)


def test_where_all_are_at_work_a_new_one_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 2)

    async def trial(open_one, state):
        busy = [await open_one() for _ in range(2)]
        for _, writer in busy:
            writer.write(GET.replace(b"/ ", b"/work "))
        await asyncio.sleep(0.05)
        reader, _ = await open_one()
        assert (await rest(reader)).startswith(b"HTTP/1.1 503 ")
        for other, _ in busy:
            assert await other.readline() == b"HTTP/1.1 200 OK\r\n"

    served(trial)


def test_who_has_most_makes_room_for_others(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 3)
    ended = []

    def connection(address: str, phase: str) -> SimpleNamespace:
        transport = SimpleNamespace(is_closing=lambda: False, abort=lambda: ended.append((address, phase)))
        return SimpleNamespace(client=(address, 1), transport=transport, _phase=(phase, None), _since_s=1.0,
                               _look=lambda: None)  # fmt: skip

    newcomer = connection("c", "head")
    newcomer.connections = [connection("a", "work"), connection("a", "work"), connection("b", "head"), newcomer]
    BoundedProtocol._make_room(newcomer)
    assert ended == [("a", "work")]


@pytest.mark.parametrize(
    ("soft", "most"), [(resource.RLIM_INFINITY, 512), (65_536, 512), (400, 200), (600, 344), (200, 100)]
)
def test_descriptors_are_left_to_the_work(monkeypatch, soft, most):
    monkeypatch.setattr(resource, "getrlimit", lambda what: (soft, soft))
    assert connections.most_connections() == most


def test_the_process_may_open_as_many_files_as_the_system_lets_it(monkeypatch):
    set_to = []
    monkeypatch.setattr(resource, "getrlimit", lambda what: (1024, 20_000))
    monkeypatch.setattr(resource, "setrlimit", lambda what, to: set_to.append(to))
    monkeypatch.setattr(uvicorn.config, "HTTP_PROTOCOLS", {})
    connections.guard()
    assert set_to == [(20_000, 20_000)]


def test_uvicorn_takes_it(monkeypatch):
    monkeypatch.setattr(resource, "setrlimit", lambda what, to: None)
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", None)
    connections.guard()
    settings = uvicorn.Config(app, log_config=None)
    settings.load()
    assert settings.http_protocol_class is BoundedProtocol
