"""What is kept of a visitor between calls: the states of the page, and nothing of who names no session."""

import time
from types import SimpleNamespace
from typing import Any, cast

from gradio.blocks import Blocks
from gradio.state_holder import SessionState, StateHolder

from explorer import limits
from explorer.server.sizes import size_of

EMPTY_BYTES = 50_000  # of a session without a result


class Session(SessionState):
    """Gradio's, without its copy of all that was shown: only deep links read it, and those are shut."""

    def __init__(self, blocks: Blocks):
        of_no_block = SimpleNamespace(default_config=blocks.default_config, blocks=())
        super().__init__(cast(Blocks, of_no_block))  # whose configurations take most of a session's start
        self.used_s = time.monotonic()
        self._bytes: int | None = EMPTY_BYTES

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        self.config_values.clear()
        self._bytes = None

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass

    @property
    def bytes(self) -> int:
        """As of its last change."""
        if self._bytes is None:
            self._bytes = EMPTY_BYTES + size_of(self.state_data)
        return self._bytes

    @property
    def holds_result(self) -> bool:
        """Whether anything would be lost with it."""
        return any(value is not None and value != {} for value in self.state_data.values())


class Sessions(StateHolder):
    """Gradio's sessions, of which those without a result go first, then those of whoever has most.

    `owners` says which address a session's calls come from. A call that names no session has one for as long as it
    lasts: it is kept with the call.
    """

    def __init__(self, owners: dict[str, str]):
        super().__init__()
        self.owners = owners

    def __getitem__(self, session_id: str) -> Session:
        if len(session_id) > limits.MAX_IDENTIFIER_CHARACTERS:
            raise ValueError(f"a session's name has at most {limits.MAX_IDENTIFIER_CHARACTERS} characters")
        call = self.blocks._queue.event_ids_to_events.get(session_id)
        if call is not None and call.session_hash == session_id:
            return vars(call).get("session") or vars(call).setdefault("session", Session(self.blocks))
        if session_id not in self.session_data:
            self.session_data[session_id] = Session(self.blocks)
        return super().__getitem__(session_id)  # type: ignore[return-value]

    def update(self, session_id: str) -> None:
        """It was used last; where there are too many, another goes."""
        with self.lock:
            if session_id in self.session_data:
                self.session_data.move_to_end(session_id)
                self.session_data[session_id].used_s = time.monotonic()  # type: ignore[attr-defined]
        while len(self.session_data) > self.capacity:
            self.drop(self._first_to_go(session_id))

    def drop(self, session_id: str) -> None:
        with self.lock:
            self.session_data.pop(session_id, None)
            self.time_last_used.pop(session_id, None)

    def _first_to_go(self, last_used: str) -> str:
        """By its owner's number of results; among equals the one whose last use lies furthest back."""
        others = {name: session for name, session in self.session_data.items() if name != last_used}
        for name, session in others.items():
            if not session.holds_result:  # type: ignore[attr-defined]
                return name
        counts: dict[str, int] = {}
        for name in others:
            counts[self.owners.get(name, "")] = counts.get(self.owners.get(name, ""), 0) + 1
        return max(others, key=lambda name: counts[self.owners.get(name, "")])
