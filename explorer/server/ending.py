"""The one way in which the app ends, whoever asks for it."""

import logging
import os
import signal
from collections.abc import Callable
from threading import Timer
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
PATIENCE_S = 8.0  # for the last steps; Docker kills what has not ended ten seconds after SIGTERM
logger = logging.getLogger(__name__)
_steps: list[Callable[[], object]] = []


def before_end(step: Callable[[], object]) -> None:
    """Have this done when the app is asked to end; what was added last is done first."""
    _steps.append(step)


def guard() -> None:
    """From now on SIGTERM and SIGINT end the process orderly; a second one, and PATIENCE_S, at once.

    Threads are not waited for: a job that runs has nobody left to answer. Children end with the process
    (explorer/children.py).
    """
    for number in SIGNALS:
        signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:
        signal.signal(each, lambda *_: os._exit(1))
    too_long = Timer(PATIENCE_S, os._exit, (1,))
    too_long.daemon = True
    too_long.start()
    while _steps:
        try:
            _steps.pop()()
        except Exception:  # of whatever kind: the others are still to be done
            logger.exception("a last step failed")
    os._exit(0)
