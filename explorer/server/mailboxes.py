"""Messages that wait to be read, and for how long they do."""

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Any

from explorer import limits
from explorer.server.sizes import size_of

MOST = 2000  # boxes
EMPTY_S = 600.0  # after which an empty box goes that nobody uses


class Mailbox(asyncio.Queue):
    """The messages of one session, with their bytes and the moment of each."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self.clock, self.used_s, self.bytes = clock, clock(), 0

    def _put(self, item: Any) -> None:
        self.used_s, size = self.clock(), size_of(item)
        self.bytes += size
        self._queue.append((self.used_s, size, item))  # type: ignore[attr-defined]

    def _get(self) -> Any:
        self.used_s = self.clock()
        _, size, item = self._queue.popleft()  # type: ignore[attr-defined]
        self.bytes -= size
        return item

    @property
    def since_s(self) -> float:
        """The moment of the message that has waited longest; of an empty box, of its last use."""
        return self.used_s if self.empty() else self._queue[0][0]  # type: ignore[attr-defined]

    def forget(self, before_s: float) -> None:
        """The messages that came before that moment."""
        while not self.empty() and self.since_s < before_s:
            self._get()


class Mailboxes(dict[str, Mailbox]):
    """The boxes by session, as Gradio's queue keeps them; whatever is put in, a Mailbox stands in its place."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self.clock = clock

    def __setitem__(self, session: str, box: asyncio.Queue) -> None:
        while len(self) >= MOST:
            del self[min(self, key=lambda name: self[name].used_s)]
        super().__setitem__(session, Mailbox(self.clock))

    def __missing__(self, session: str) -> Mailbox:
        """A new one, for messages of a job whose box went while it was at work."""
        self[session] = Mailbox()
        return self[session]

    def __delitem__(self, session: str) -> None:
        self.pop(session, None)  # Gradio deletes the box of a reader that is gone, which may be gone itself

    def forget(self, at_work: Collection[str]) -> list[str]:
        """Drop what is unread after a minute: messages of sessions for which something is at work, others' boxes.

        Gives the sessions whose boxes went; who asks for one is told that it is not there.
        """
        now_s, gone = self.clock(), []
        for session, box in list(self.items()):
            if session in at_work:
                box.forget(now_s - limits.MAX_UNREAD_SECONDS)
            elif now_s - box.since_s > (EMPTY_S if box.empty() else limits.MAX_UNREAD_SECONDS):
                del self[session]
                gone.append(session)
        return gone
