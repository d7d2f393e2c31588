"""Connections that wait for their client: how many there may be, and for how long."""

import resource
from collections import Counter
from collections.abc import Callable
from typing import Any

from uvicorn import config
from uvicorn.protocols.http.h11_impl import H11Protocol

from explorer import limits

CHECKED_EVERY_S = 1.0
REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n"
_WAITING = ("head", "body")  # for what the client is to send


_open: set["BoundedProtocol"] = set()


def guard() -> None:
    """Have uvicorn, which Gradio starts, bound its connections; let the process open as many files as it may.

    uvicorn's own settings do not reach this: `timeout_keep_alive` starts after an answer and ends with any byte,
    `limit_concurrency` counts once a head has come. h11 bounds what a head may hold, and is what the app is locked to.
    """
    config.HTTP_PROTOCOLS["auto"] = f"{__name__}:BoundedProtocol"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(limits.MAX_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def most_connections() -> int:
    """As many as are allowed, and leave descriptors for the work itself."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return limits.MAX_CONNECTIONS
    return min(limits.MAX_CONNECTIONS, max(soft - limits.SPARE_DESCRIPTORS, soft // 2))


def unsent() -> list[tuple[str, int, float, Callable[[], None]]]:
    """Whose answers lie in memory until they are taken: address, bytes, since when, and how to end it."""
    return [
        (_address(each), each.transport.get_write_buffer_size(), each._since_s, each.transport.abort)
        for each in _open
        if each.transport.get_write_buffer_size()
    ]


class BoundedProtocol(H11Protocol):
    """uvicorn's HTTP, closed where the client keeps it waiting: for a head, for a body, or for an answer to be taken.

    A body and an answer may take as long as bytes keep moving at `limits.MIN_BYTES_PER_SECOND`.
    """

    _phase: tuple[str, Any] = ("head", None)  # what is waited for, and the request before or around it
    _since_s = 0.0
    _received = _moved_before = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        _open.add(self)
        self._since_s = self.loop.time()
        self._make_room()
        if not transport.is_closing():
            self.loop.call_later(CHECKED_EVERY_S, self._check)

    def connection_lost(self, exc: Exception | None) -> None:
        _open.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._phase = ("work", None)  # most of what waited was taken: who takes a long answer bit by bit is not stalled

    def _should_upgrade_to_ws(self) -> bool:
        return False  # nothing here speaks WebSocket, which has no deadlines

    def _check(self) -> None:
        if self.transport.is_closing():
            return
        self._look()
        waited_s = self.loop.time() - self._since_s
        moved = abs(self._moved() - self._moved_before)
        name, _ = self._phase
        if name == "head" and waited_s > limits.MAX_HEAD_SECONDS:
            self.transport.close()
        elif name in ("body", "answer") and waited_s > limits.MAX_STALL_SECONDS + moved / limits.MIN_BYTES_PER_SECOND:
            self.transport.abort()
        else:
            self.loop.call_later(CHECKED_EVERY_S, self._check)

    def _look(self) -> None:
        """Note where the connection stands, and since when."""
        cycle = self.cycle
        if self.flow.write_paused:
            name = "answer"
        elif cycle is None or cycle.response_complete:
            name = "head"
        else:
            name = "body" if cycle.more_body and not self.flow.read_paused else "work"
        if (name, cycle) != self._phase:
            self._phase, self._since_s = (name, cycle), self.loop.time()
            self._moved_before = self._moved()

    def _moved(self) -> int:
        """Bytes, of which only the difference tells: what came, or what is still to be taken."""
        return self.transport.get_write_buffer_size() if self._phase[0] == "answer" else self._received

    def _make_room(self) -> None:
        """Where there are too many: who has most connections loses the one that waits longest for its client.

        Where none of theirs waits, one of them ends for a newcomer from elsewhere; a newcomer of their own is refused.
        """
        others: list[Any] = [each for each in self.connections if each is not self and not each.transport.is_closing()]
        if len(others) < most_connections():
            return
        (most, _), *_ = Counter(map(_address, others)).most_common(1)
        theirs = [each for each in others if _address(each) == most]
        for each in theirs:
            each._look()
        waiting = [each for each in theirs if each._phase[0] in _WAITING]
        victims = waiting or ([] if _address(self) == most else theirs)
        if victims:
            min(victims, key=lambda each: each._since_s).transport.abort()
        else:
            self.transport.write(REFUSAL)
            self.transport.close()


def _address(connection: Any) -> str:
    return connection.client[0] if connection.client else ""
