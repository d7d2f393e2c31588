"""A stand-in for the Hugging Face Hub on a loopback port, for a `huggingface_hub` that runs in another process."""

import asyncio
import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Self

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.support.hub.api import api
from tests.support.hub.store import Store


@dataclass
class Fault:
    """What befalls the next `times` requests of this method whose path the pattern is found in."""

    method: str
    path: re.Pattern
    status: int | None
    drop_after: int | None
    stall: float
    times: int

    def befalls(self, scope: Scope) -> bool:
        return self.times > 0 and scope["method"] == self.method and self.path.search(scope["path"]) is not None


class Crashing(uvicorn.Server):
    """A server that ends as a killed one does: listeners closed, connections cut, nothing finished first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in [*self.servers, *(sockets or [])]:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    def cut(self, client: tuple[str, int]) -> None:
        """Close the connection of this client without an answer."""
        for connection in list(self.server_state.connections):
            if connection.client == client:
                connection.transport.abort()


class HubServer:
    """A small Hub at `url`, served by a thread of this process and emptied only with the object.

    `repos` maps (type, "owner/name") to a hub_store.Repo, `uploads` lists the sha256 of every LFS blob received whole,
    `requests` the (method, path) of every request; hub_store.USERS has the tokens.
    """

    def __init__(self):
        store = Store()
        self.repos, self.uploads, self.collections = store.repos, store.uploads, store.collections
        self.requests: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self._api = api(store)
        # Bound for as long as the object lives, but never listening: nobody else gets the port while the Hub is down.
        self._port = bound(0)
        self.url = "http://{}:{}".format(*self._port.getsockname())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._port.close()

    def start(self) -> None:
        """Serve at `url`, with the contents of before. Raises RuntimeError where that fails."""
        # A client must not meet a connection that the server is just closing for its idleness.
        config = uvicorn.Config(self, lifespan="off", ws="none", log_config=None, timeout_keep_alive=600)
        self._server = Crashing(config)
        listener = bound(self._port.getsockname()[1])
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the stand-in Hub did not start")
            time.sleep(0.01)

    def stop(self) -> None:
        """Go down as if killed: open connections are cut; clients are refused until start()."""
        self._server.should_exit = True
        self._thread.join()

    def fail(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        drop_after: int | None = None,
        stall: float = 0,
        times: int = 1,
    ) -> None:
        """Let the next `times` requests of this method whose path matches (re.search) go wrong.

        They wait `stall` seconds and are then answered this `status`; or lose their connection after `drop_after` bytes
        of the answer's body (GET) or of the request's (any other method); or, with neither, are served.
        """
        self.faults.append(Fault(method, re.compile(path), status, drop_after, stall, times))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The client's own errand with every new HF_HOME: no request a test is about, and no fault's to take.
        errand = scope["path"] == "/api/agent-harnesses"
        fault = None
        if not errand:
            self.requests.append((scope["method"], scope["path"]))
            fault = next((fault for fault in self.faults if fault.befalls(scope)), None)
        scope["path"] = scope["raw_path"].decode()
        # The client hung up, or the Hub was killed: there is nobody left to answer.
        with suppress(ClientDisconnect, asyncio.CancelledError):
            await (self._suffer(fault, scope, receive, send) if fault else self._api(scope, receive, send))

    async def _suffer(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the fault has it."""
        fault.times -= 1
        await asyncio.sleep(fault.stall)
        if fault.status is not None:
            await read(receive)
            await JSONResponse({"error": "A fault of the stand-in Hub"}, fault.status)(scope, receive, send)
        elif fault.drop_after is None:
            await self._api(scope, receive, send)
        elif scope["method"] == "GET":
            await self._api(scope, receive, cut_short(send, fault.drop_after))
        else:
            await read(receive, fault.drop_after)
            self._server.cut(scope["client"])
            while (await receive())["type"] != "http.disconnect":
                pass


def bound(port: int) -> socket.socket:
    """A socket bound to this port of the loopback interface, to any free one for 0."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener


async def read(receive: Receive, limit: float = inf) -> None:
    """Take in a request's body, up to the message that passes the limit in bytes."""
    message = await receive()
    while message.get("more_body") and (limit := limit - len(message["body"])) > 0:
        message = await receive()


def cut_short(send: Send, limit: int) -> Send:
    """A `send` that lets this many bytes of the body through and never ends; uvicorn then closes the connection."""

    async def passing(message: dict) -> None:
        nonlocal limit
        if message["type"] == "http.response.body":
            body = message["body"][:limit]
            limit -= len(body)
            message = message | {"body": body, "more_body": True}
        await send(message)

    return passing
