"""Everything that is kept for visitors, within one number of bytes that they share."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from explorer import limits
from explorer.server import connections
from explorer.server.mailboxes import Mailboxes
from explorer.server.sessions import Sessions
from explorer.server.sizes import size_of

logger = logging.getLogger(__name__)

EVERY_S = 1.0
LONG_NAME = f"A session's name has at most {limits.MAX_IDENTIFIER_CHARACTERS} characters."
LARGE_ARGUMENTS = f"The arguments take more than {limits.MAX_ARGUMENT_BYTES / 1e6:g} MB of memory; upload files first."


@dataclass(frozen=True)
class Holding:
    """Bytes kept for whoever is at `owner`, since when, how to let them go, and whether they are a result.

    A result cost its visitor a job's time and is gone with it; what is unread goes before it.
    """

    owner: str
    bytes: int
    since_s: float
    drop: Callable[[], object]
    is_result: bool = False


class Budget:
    """Bounds what Gradio keeps for the visitors of `demo`: sessions, messages, arguments, answers on their way."""

    def __init__(self, demo: gr.Blocks):
        self.demo, self.queue = demo, demo._queue
        self.owners: dict[str, str] = {}  # session -> the address its last call came from
        self.mailboxes = Mailboxes()
        self.sessions = Sessions(self.owners)
        self._join = self.queue.push

    def guard(self) -> None:
        """Take the place of what Gradio keeps without a bound."""
        self.queue.pending_messages_per_session = self.mailboxes  # type: ignore[assignment]
        self.queue.push = self._push  # type: ignore[method-assign]
        self.queue.ANALYTICS_MAX_EVENTS = 1  # monitoring, which takes a table of all calls after each call, is shut
        self.queue.compute_analytics_summary = lambda records: {}  # type: ignore[method-assign]

    @asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[None]:
        """Keep to the bounds while the app, whose sessions these are, runs."""
        app.state_holder = self.sessions
        self.sessions.set_blocks(self.demo)
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                self.keep()
            except Exception:  # a bug in here is no reason to keep everything from now on
                logger.exception("what is kept for visitors could not be looked through")

    def keep(self) -> None:
        """Drop what is unread for too long, and what is too much."""
        at_work = {event.session_hash for event in self.queue.event_ids_to_events.values()}
        for session in self.mailboxes.forget(at_work):
            self._drop_box(session)
        for session in self.queue.pending_event_ids_session.keys() - self.mailboxes.keys() - at_work:
            del self.queue.pending_event_ids_session[session]
        share_out(self.holdings(), limits.MAX_KEPT_BYTES)
        kept = self.mailboxes.keys() | self.sessions.session_data.keys()
        for session in self.owners.keys() - kept:
            del self.owners[session]

    def holdings(self) -> list[Holding]:
        """All that is kept now."""
        sessions: dict[str, Any] = dict(self.sessions.session_data)
        boxes = [
            Holding(self.owners.get(name, ""), box.bytes, box.since_s, partial(self._drop_box, name))
            for name, box in self.mailboxes.items()
        ]
        results = [
            Holding(self.owners.get(name, ""), kept.bytes, kept.used_s, partial(self.sessions.drop, name), True)
            for name, kept in sessions.items()
        ]
        return boxes + results + [Holding(*answer) for answer in connections.unsent()]

    def _drop_box(self, session: str) -> None:
        self.mailboxes.pop(session, None)
        self.queue.pending_event_ids_session.pop(session, None)

    async def _push(self, body: Any, request: Any, username: str | None) -> tuple[bool, Any, Any]:
        """Gradio's `push`: queue a call, or say why not."""
        if len(body.session_hash or "") > limits.MAX_IDENTIFIER_CHARACTERS:
            return False, LONG_NAME, "error"
        if size_of(body) > limits.MAX_ARGUMENT_BYTES:
            return False, LARGE_ARGUMENTS, "error"
        answer = await self._join(body, request, username)
        if answer[0] and request is not None and request.client is not None:
            self.owners[body.session_hash] = request.client.host
        return answer


def share_out(holdings: Iterable[Holding], most: int) -> None:
    """Let go until no more than `most` bytes are held: of whoever holds most, what is unread, then what is oldest."""
    held: dict[str, list[Holding]] = defaultdict(list)
    for holding in sorted(holdings, key=lambda holding: (holding.is_result, holding.since_s), reverse=True):
        held[holding.owner].append(holding)
    totals = {owner: sum(holding.bytes for holding in theirs) for owner, theirs in held.items()}
    while sum(totals.values()) > most:
        owner = max(totals, key=lambda owner: totals[owner])
        oldest = held[owner].pop()
        totals[owner] -= oldest.bytes
        oldest.drop()
