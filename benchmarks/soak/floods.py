"""Who asks for much and reads nothing, sends without end or only connects: what that takes of the server."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks.soak.checks import Check
from tests.support.serving import Server

MB = 1_000_000
HEAD_S = 3  # the server's deadline for a head meanwhile
ROOM_MB = 150  # that uploads find on the disk
WORK_MB = 100.0  # that the server's own work may come and go by
UPLOAD_BYTES = 50 * MB
FIELD = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'


@dataclass(frozen=True)
class Flood:
    """How much of each, and the bytes that the server may keep for visitors."""

    answers: int
    senders: int  # of endless fields, and of uploads at once
    names: int
    idle: int
    kept_bytes: int


def flood_settings(flood: Flood, folder: Path) -> dict[str, str]:
    """What the server is to be started with: short deadlines, and a disk that is nearly full."""
    full = shutil.disk_usage(folder).free - ROOM_MB * MB
    limits = {"MAX_KEPT_BYTES": flood.kept_bytes, "MAX_HEAD_SECONDS": HEAD_S, "MIN_FREE_DISK_BYTES": full}
    return {f"EXPLORER_{name}": str(value) for name, value in limits.items()}


def floods(server: Server, uploads: Path, clip: Path, flood: Flood, slack: float) -> list[Check]:
    """All of them, one after another."""
    with httpx.Client(base_url=f"{server.address}/gradio_api", timeout=120) as http:
        return [
            *_disk(server, uploads, http, flood),
            _idle(server, http, flood, slack),
            _names(server, http, flood),
            _fields(server, flood),
            _unread(server, http, clip, flood),
        ]


def _unread(server: Server, http: httpx.Client, clip: Path, flood: Flood) -> Check:
    """Heatmaps of every variant, which nobody fetches."""
    (path,) = http.post("/upload", files={"files": (clip.name, clip.read_bytes())}).json()
    order = {"clip": {"path": path, "meta": {"_type": "gradio.FileData"}}, "finder": "haar"}

    def asked() -> str:
        while (answer := http.post("/call/v2/heatmaps", json=order)).status_code == 503:
            time.sleep(0.2)
        return answer.json()["event_id"]

    def read(event: str) -> int:
        return len(http.get(f"/call/v2/heatmaps/{event}").content)

    size = read(asked())
    with _memory(server) as growth:
        for _ in range(flood.answers):
            asked()
        read(asked())
    most = flood.kept_bytes / MB + WORK_MB
    name, measured = f"memory, {flood.answers} answers that nobody reads", f"{growth[0]:+.0f} MB"
    return Check(f"{name} ({flood.answers * size / MB:.0f} MB)", measured, f"under {most:.0f} MB", growth[0] < most)


def _fields(server: Server, flood: Flood) -> Check:
    """Forms whose field has no file, and does not end."""
    with _memory(server) as growth, _connected(server, flood.senders) as connections:
        for connection in connections:
            connection.sendall(_upload_head() + FIELD % (b"f", b""))
        _send_all(connections, 20)
        time.sleep(0.5)
    name = f"memory, {flood.senders} forms of {UPLOAD_BYTES // MB} MB without a file"
    return Check(name, f"{growth[0]:+.0f} MB", f"under {WORK_MB:.0f} MB", growth[0] < WORK_MB)


def _names(server: Server, http: httpx.Client, flood: Flood) -> Check:
    """Sessions whose names are nearly a megabyte."""
    functions = http.get(f"{server.address}/config").json()["dependencies"]
    index = next(function["id"] for function in functions if function["api_name"] == "variants")
    taken = 0
    with _memory(server) as growth:
        for number in range(flood.names):
            session = f"{number:08d}".ljust(990_000, "x")
            answer = http.post("/queue/join", json={"data": [], "fn_index": index, "session_hash": session})
            taken += answer.status_code == 200
    name, measured = f"memory, {flood.names} sessions with names of 1 MB", f"{growth[0]:+.0f} MB, {taken} taken"
    return Check(name, measured, f"under {WORK_MB:.0f} MB, none", growth[0] < WORK_MB and not taken)


def _idle(server: Server, http: httpx.Client, flood: Flood, slack: float) -> Check:
    """Connections that say nothing, or half a head."""
    with _connected(server, flood.idle) as connections:
        for connection in connections[::2]:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        page_ms = http.get(server.address).elapsed.total_seconds() * 1e3
        most_s = HEAD_S + 3 * slack
        for connection in connections:
            connection.settimeout(max(most_s - (time.monotonic() - began), 0.01))
        closed, taken_s = sum(map(_is_closed, connections)), time.monotonic() - began
    name = f"idle connections closed, of {flood.idle}"
    measured = f"{closed} after {taken_s:.1f} s; the page meanwhile: {page_ms:.0f} ms"
    met = closed == flood.idle and page_ms < 1000 * slack
    return Check(name, measured, f"all within {most_s:g} s; under {1000 * slack:g} ms", met)


def _disk(server: Server, uploads: Path, http: httpx.Client, flood: Flood) -> list[Check]:
    """Uploads that all begin while there is room, and together want more."""

    def held() -> float:
        return sum(stat.st_size for stat in map(_stat, uploads.rglob("*")) if stat) / MB

    before = held()
    with _connected(server, flood.senders) as connections:
        for number, connection in enumerate(connections):
            connection.sendall(_upload_head() + FIELD % (b"files", b'; filename="%d.mp4"' % number))
        most = 0.0
        for _ in range(UPLOAD_BYTES // MB - 1):
            _send_all(connections, 1)
            most = max(most, held() - before)
    asked = flood.senders * UPLOAD_BYTES / MB
    end = time.monotonic() + 10
    while (left := held() - before) > 0.1 and time.monotonic() < end:
        time.sleep(0.2)
    name = f"written by {flood.senders} uploads at once, {ROOM_MB} MB from a full disk"
    return [
        Check(f"{name} ({asked:.0f} MB)", f"{most:.0f} MB", f"at most {ROOM_MB} MB", 0 < most <= ROOM_MB),
        Check("left of them once they broke off", f"{left:.0f} MB", "nothing", left < 0.1),
    ]


@contextmanager
def _memory(server: Server) -> Iterator[list[float]]:
    """The most by which the server's resident memory grows meanwhile, in MB; filled in when the block is left."""
    process, done = psutil.Process(server.pid), threading.Event()
    seen, growth = [process.memory_info().rss], list[float]()

    def look() -> None:
        while not done.wait(0.1):
            seen.append(process.memory_info().rss)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    yield growth
    done.set()
    looking.join()
    growth.append((max(seen) - seen[0]) / MB)


@contextmanager
def _connected(server: Server, count: int) -> Iterator[list[socket.socket]]:
    host, port = urlsplit(server.address).hostname, urlsplit(server.address).port
    connections = [socket.create_connection((host, port), timeout=5) for _ in range(count)]
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def _send_all(connections: list[socket.socket], megabytes: int) -> None:
    """That much to each in turn, as long as it is taken; to whoever refuses, nothing more."""
    for _ in range(megabytes):
        for connection in connections:
            try:
                connection.sendall(os.urandom(MB))
            except OSError:
                connection.close()
        connections[:] = [connection for connection in connections if connection.fileno() >= 0]


def _upload_head() -> bytes:
    head = "POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    return f"{head}Content-Length: {UPLOAD_BYTES}\r\n\r\n".encode()


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat() if path.is_file() else None
    except OSError:
        return None
