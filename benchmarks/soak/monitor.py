"""How long the page takes to answer, asked ten times a second by a process of its own."""

import multiprocessing
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.soak.checks import Check

EVERY_S = 0.1
SLOWEST_MS = 300.0


@contextmanager
def watched(address: str) -> Iterator[list[float]]:
    """The milliseconds of each answer, filled in when the block is left; infinite where none came."""
    context = multiprocessing.get_context("spawn")
    stop, answers = context.Event(), context.Queue()
    process = context.Process(target=_watch, args=(address, stop, answers), daemon=True)
    process.start()
    times: list[float] = []
    try:
        yield times
    finally:
        stop.set()
        times += answers.get(timeout=60)
        process.join(10)


def _watch(address: str, stop: Any, answers: Any) -> None:
    times = []
    while not stop.is_set():
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                answer.read()
            times.append((time.perf_counter() - began) * 1e3)
        except OSError:
            times.append(float("inf"))
        time.sleep(max(EVERY_S - (time.perf_counter() - began), 0))
    answers.put(times)


def page_answers(times: list[float], slack: float) -> Check:
    """The page stays quick for 99 of 100 who ask."""
    median, most, slowest = np.percentile(times, (50, 99, 100), method="higher")
    measured = f"median {median:.0f}, 99th percentile {most:.0f}, slowest {slowest:.0f} ms, of {len(times)}"
    target = f"99th percentile under {SLOWEST_MS * slack:.0f} ms"
    return Check("the page answers meanwhile", measured, target, bool(most < SLOWEST_MS * slack))
