"""Whose turn it is: one job at a time works, and whoever has many takes a place at the end of the line after each."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from threading import Condition
from typing import TypeVar

T = TypeVar("T")
W = TypeVar("W")
WAIT_S = 0.25  # at most, until somebody who waits is asked whether he still does


class Turns:
    """First come, first served. An object holds a turn, no thread: jobs are generators, and threads change."""

    def __init__(self) -> None:
        self._line: deque[object] = deque()
        self._moved = Condition()

    def in_turn(self, events: Callable[[], Iterator[T]], waiting: W | None = None) -> Iterator[T | W]:
        """The events of a job that is begun once all who came before are done; `waiting` now and then until then.

        Without `waiting` nothing is said, and who waits cannot be stopped before. Closing the generator gives the turn,
        or the place in the line, up.
        """
        place = object()
        with self._moved:
            self._line.append(place)
        try:
            while not self._begins(place):
                if waiting is not None:
                    yield waiting
            job = events()
            try:
                yield from job
            finally:
                if isinstance(job, Generator):
                    job.close()
        finally:
            with self._moved:
                self._line.remove(place)
                self._moved.notify_all()

    def _begins(self, place: object) -> bool:
        """Whether the place is the first in line now, or within WAIT_S."""
        with self._moved:
            return self._moved.wait_for(lambda: self._line[0] is place, WAIT_S)


WORK = Turns()  # of all that judges clips in this process
