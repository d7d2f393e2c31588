"""What the process prints, so many bytes a minute: whoever provokes messages fills no disk with them."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from explorer import limits

MINUTE_S = 60.0


class BoundedStream:
    """A text stream that leaves out what is over `most` bytes in a minute, and says in the next how much that was.

    Bounded is the stream, not one logger: Gradio prints tracebacks, asyncio and uvicorn have loggers of their own.
    """

    def __init__(self, stream: TextIO, most: int, clock: Callable[[], float] = time.monotonic):
        self._stream, self._most, self._clock = stream, most, clock
        self._began, self._written, self._left_out = clock(), 0, 0

    def write(self, text: str) -> int:
        if self._clock() - self._began >= MINUTE_S:
            if self._left_out:
                self._stream.write(f"[{self._left_out} bytes of messages were left out]\n")
            self._began, self._written, self._left_out = self._clock(), 0, 0
        size = len(text.encode(errors="replace"))
        if self._left_out or self._written + size > self._most:
            self._left_out += size
        else:
            self._written += size
            self._stream.write(text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard() -> None:
    """Bound what is printed from now on, and what the root's handlers print."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        bounded = BoundedStream(stream, limits.MAX_LOG_BYTES)
        setattr(sys, name, bounded)
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is stream:
                handler.setStream(bounded)
