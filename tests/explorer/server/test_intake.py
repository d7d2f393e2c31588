"""What comes in: short identifiers, few files, small fields, and no more than the disk has room for."""

import asyncio
import os
from collections import namedtuple
from collections.abc import Iterable, Iterator
from pathlib import Path

import gradio as gr
import pytest
from gradio import route_utils, routes
from gradio.routes import App
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from explorer import limits
from explorer.server import intake
from explorer.server.intake import Intake

API = "/gradio_api"
UPLOAD = f"{API}/upload"
LONG = "x" * (limits.MAX_IDENTIFIER_CHARACTERS + 1)
HEAD = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="%d.mp4"\r\n\r\n'


@pytest.fixture(scope="module")
def gradio_server(tmp_path_factory) -> Iterator[tuple[TestClient, Path]]:
    """Gradio's server with our intake, and its folder."""
    folder = tmp_path_factory.mktemp("uploads")
    with pytest.MonkeyPatch.context() as patch, gr.Blocks() as demo:
        patch.setenv("GRADIO_TEMP_DIR", str(folder))
        for module, name in (
            (route_utils, "GradioMultiPartParser"),
            (routes, "upload_fn"),
            (routes, "file_upload_statuses"),
        ):
            patch.setattr(module, name, getattr(module, name))
        intake.guard()
        demo.max_file_size = None
        yield TestClient(App.create_app(demo, app_kwargs={"middleware": [Middleware(Intake)]})), folder


@pytest.fixture
def client(gradio_server) -> TestClient:
    return gradio_server[0]


@pytest.fixture
def folder(gradio_server) -> Path:
    """Empty."""
    for path in files_in(gradio_server[1]):
        path.unlink()
    return gradio_server[1]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def uploading(count: int, field: str = "files") -> list:
    return [(field, (f"{index}.mp4", b"%d" % index)) for index in range(count)]


def test_a_few_files_come_in(client, folder):
    answer = client.post(UPLOAD, files=uploading(limits.MAX_FILES_AT_ONCE))
    assert answer.status_code == 200
    assert sorted(map(str, files_in(folder))) == sorted(answer.json())


def test_many_files_do_not_and_leave_none(client, folder):
    answer = client.post(UPLOAD, files=uploading(limits.MAX_FILES_AT_ONCE + 1))
    assert (answer.status_code, files_in(folder)) == (400, [])
    assert f"Maximum number of files is {limits.MAX_FILES_AT_ONCE}" in answer.text


def test_files_that_are_too_large_together_leave_none(client, folder, monkeypatch):
    monkeypatch.setattr(limits, "MAX_TOGETHER_BYTES", 5)
    assert client.post(UPLOAD, files=uploading(5)).status_code == 200  # a byte each
    for path in files_in(folder):
        path.unlink()
    answer = client.post(UPLOAD, files=uploading(6))
    assert (answer.status_code, answer.text, files_in(folder)) == (413, intake.TOO_LARGE_TOGETHER, [])


def test_files_in_another_field_leave_none(client, folder):
    answer = client.post(UPLOAD, files=uploading(2, "clips"))
    assert (answer.status_code, answer.text, files_in(folder)) == (400, intake.OTHER_FIELDS, [])


@pytest.mark.parametrize("watched", ["", "?upload_id=me"])
def test_fields_are_small_together(client, folder, watched):
    half = "x" * (limits.MAX_FIELD_BYTES // 2)
    assert client.post(UPLOAD + watched, data={"a": half, "b": half}, files=uploading(1)).status_code == 200
    answer = client.post(UPLOAD + watched, data={"a": half, "b": half, "c": "x"}, files=uploading(1))
    assert (answer.status_code, answer.text) == (413, intake.LARGE_FIELDS)
    assert len(files_in(folder)) == 1


def test_a_name_that_is_no_name_leaves_no_file(client, folder):
    answer = client.post(UPLOAD, files=[("files", ("..", b"x"))])
    assert (answer.status_code, files_in(folder)) == (400, [])


HEADERS = [(b"content-type", b"multipart/form-data; boundary=b")]
SCOPE = {"type": "http", "method": "POST", "path": UPLOAD, "headers": HEADERS, "query_string": b"", "root_path": ""}


async def answer_of(client: TestClient, messages: Iterable[dict]) -> list[dict]:
    """What is sent to an upload of which these messages come, one by one, others in between."""
    sent, coming = [], iter(messages)

    async def receive():
        await asyncio.sleep(0)
        return next(coming)

    async def send(message):
        sent.append(message)

    await client.app(dict(SCOPE), receive, send)
    return sent


def answer_to(client: TestClient, messages: Iterable[dict]) -> list[dict]:
    return asyncio.run(answer_of(client, messages))


def arriving(folder: Path, *last: dict) -> Iterator[dict]:
    yield {"type": "http.request", "body": HEAD % (b"files", 1) + b"x" * 1000, "more_body": True}
    assert len(files_in(folder)) == 1  # it is being written
    yield from last


def test_an_upload_that_breaks_off_leaves_no_file(client, folder):
    assert answer_to(client, arriving(folder, {"type": "http.disconnect"})) == []  # nor a traceback
    assert files_in(folder) == []


def test_the_disk_fills_up_while_uploads_come_in(client, folder, monkeypatch):
    answers = iter([False, True])
    monkeypatch.setattr(intake, "no_room", lambda folder, arriving: next(answers))
    rest = {"type": "http.request", "body": b"y" * 1000, "more_body": True}
    start, body = answer_to(client, arriving(folder, rest))
    assert (start["status"], body["body"].decode(), files_in(folder)) == (507, intake.NO_ROOM, [])


def test_uploads_at_once_leave_the_room_that_is_to_stay(client, folder, monkeypatch):
    facts, least, room = namedtuple("facts", "f_bavail f_frsize f_files f_favail"), [], 20_000_000

    def disk(path):
        held = sum(file.stat().st_size for file in files_in(folder))
        least.append(room - held)
        return facts(limits.MIN_FREE_DISK_BYTES + room - held, 1, 0, 0)

    def upload(number: int) -> Iterator[dict]:
        yield {"type": "http.request", "body": HEAD % (b"files", number), "more_body": True}
        yield from [{"type": "http.request", "body": b"x" * 250_000, "more_body": True}] * 20
        yield {"type": "http.request", "body": b"\r\n--b--\r\n", "more_body": False}

    async def together() -> list[int]:
        answers = await asyncio.gather(*(answer_of(client, upload(number)) for number in range(8)))
        return [answer[0]["status"] for answer in answers]

    monkeypatch.setattr(os, "statvfs", disk)
    statuses = asyncio.run(together())  # 40 MB, each of which begins while there is room
    assert min(least) >= 0
    assert 507 in statuses
    assert len(files_in(folder)) == statuses.count(200)


def test_there_are_so_many_files(monkeypatch):
    monkeypatch.setattr(limits, "MAX_KEPT_FILES", 2)
    files = {"a"}
    counted, client = behind(uploaded=files)
    assert client.post(UPLOAD, content=b"x").status_code == 200
    files.add("b")
    assert (client.post(UPLOAD, content=b"x").status_code, counted.uploads) == (507, 0)


@pytest.mark.parametrize(
    ("free", "files", "free_files", "arriving", "full"),
    [
        (limits.MIN_FREE_DISK_BYTES, 10**6, 10**6, 0, False),
        (limits.MIN_FREE_DISK_BYTES, 10**6, 10**6, 1, True),
        (limits.MIN_FREE_DISK_BYTES - 1, 10**6, 10**6, 0, True),
        (10**12, 10**6, 9_999, 0, True),
        (10**12, 1000, 60, 0, False),  # a small file system
        (10**12, 1000, 49, 0, True),
        (10**12, 0, 0, 0, False),  # one that has no such number
    ],
)
def test_room_is_bytes_and_files(tmp_path, monkeypatch, free, files, free_files, arriving, full):
    facts = namedtuple("facts", "f_bavail f_frsize f_files f_favail")
    monkeypatch.setattr(os, "statvfs", lambda path: facts(free, 1, files, free_files))
    assert intake.no_room(tmp_path / "not yet there", arriving) is full


async def echo(scope, receive, send):
    size = len(await Request(scope, receive).body())
    await PlainTextResponse(str(size))(scope, receive, send)


def behind(**settings) -> tuple[Intake, TestClient]:
    """The intake, and a server behind it that says how much came."""
    counted = Intake(ExceptionMiddleware(echo), **settings)
    return counted, TestClient(counted)


@pytest.mark.parametrize(
    "path",
    [f"{API}/heartbeat/%s", f"{API}/queue/data?session_hash=%s", f"{API}/call/analyze/%s", f"{API}/call/v2/analyze/%s",
     f"{API}/upload_progress?upload_id=%s", f"{UPLOAD}?upload_id=%s"],
)  # fmt: skip
def test_identifiers_are_short(path):
    _, client = behind()
    method = "POST" if path.startswith(f"{UPLOAD}?") else "GET"
    assert client.request(method, path % LONG[1:]).status_code == 200
    answer = client.request(method, path % LONG)
    assert (answer.status_code, answer.json()) == (400, {"detail": intake.TOO_LONG_A_NAME})


@pytest.mark.parametrize("path", ["/assets/" + "x" * 256, "/assets/" + "\N{SNOWMAN}" * 90, "/assets" + "/x" * 3000])
def test_what_no_file_can_be_called_is_not_there(path):
    _, client = behind()
    assert client.get("/assets/" + "x" * 255).status_code == 200
    assert client.get(path).status_code == 404


def test_bodies_that_are_being_received_are_counted_together(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BODIES_BYTES", 2000)
    counted, client = behind()

    def pieces(size):
        yield b"x" * size
        yield b"x"

    assert client.post("/a", content=pieces(999)).text == "1000"  # no more than it leaves to others
    assert client.post("/a", content=pieces(1000)).status_code == 503
    counted.bytes = 1000  # of somebody else
    assert client.post("/a", content=pieces(499)).text == "500"
    assert client.post("/a", content=pieces(500)).status_code == 503
    assert (counted.bytes, counted.senders) == (1000, {})


def test_one_address_with_many_bodies_leaves_room_to_others(monkeypatch):
    monkeypatch.setattr(limits, "MAX_BODIES_BYTES", 2000)
    counted, client = behind()
    other = TestClient(counted, client=("192.0.2.7", 50000))
    counted.bytes = counted.senders["testclient"] = 900  # in bodies that do not end
    assert client.post("/a", content=b"x" * 101).status_code == 503
    assert other.post("/a", content=b"x" * 101).text == "101"


def test_uploads_that_nobody_watches_are_forgotten(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CONNECTIONS", 3)

    async def watch():
        progress = intake.BoundedProgress()
        for index in range(10):
            progress.track(str(index))
        for index in range(10):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(progress.is_tracked(f"nobody's {index}"), 0.01)
        return len(progress._statuses), len(progress._signals)

    statuses, signals = asyncio.run(watch())
    assert statuses == 3 and signals <= 4
