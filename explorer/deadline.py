"""Jobs that end in time."""

from collections.abc import Generator, Iterator
from time import monotonic
from typing import TypeVar

from explorer import limits
from explorer.errors import TookTooLong

T = TypeVar("T")


def with_deadline(events: Iterator[T], seconds: float = limits.MAX_JOB_SECONDS) -> Iterator[T]:
    """The events of a job that still runs `seconds` after the first was asked for; then TookTooLong, and it is closed.

    It is looked at between events: a job shows that it lives at least every second.
    """
    end = monotonic() + seconds
    try:
        for event in events:
            if monotonic() > end:
                raise TookTooLong(f"the job took longer than {seconds:g} s; choose fewer frames or variants")
            yield event
    finally:
        if isinstance(events, Generator):
            events.close()
