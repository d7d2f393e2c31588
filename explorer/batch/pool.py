"""Work spread over processes; one that dies costs no item but the one that kills it."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import connection
from threading import Thread
from typing import TypeVar

from explorer.cores import usable_cores

Item = TypeVar("Item")
Result = TypeVar("Result")
WAITING = 2  # items a process that are handed over: one is worked on, one lies ready
LOST = "the process that judged it ended in the middle, twice; look at the clip itself, or at the machine's memory"


def spread(
    items: Iterable[Item], work: Callable[[Item], Result], workers: int, lost: Callable[[Item, str], Result]
) -> Iterator[Result]:
    """The results, in the order in which they are done; with one worker in this very process.

    Where a process dies, what it may have been working on is done again, one at a time: an item during which it dies
    again gives `lost(item, sentence)`.
    """
    if workers == 1:
        yield from map(work, items)
        return
    left = deque(items)
    while left:
        suspects: list[Item] = []
        with _pool(workers) as pool:
            yield from _until_broken(pool, left, work, workers, suspects)
        for item in suspects:
            yield _alone(item, work, lost)


def _until_broken(
    pool: ProcessPoolExecutor, left: deque[Item], work: Callable[[Item], Result], workers: int, suspects: list[Item]
) -> Iterator[Result]:
    """Results until none is left, or the pool breaks; then `suspects` are the items that were under way."""
    running: dict[Future[Result], Item] = {}
    try:
        while left or running:
            while left and len(running) < WAITING * workers:
                running[pool.submit(work, left[0])] = left[0]
                left.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                result = future.result()
                del running[future]
                yield result
    except BrokenProcessPool:
        suspects += running.values()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _alone(item: Item, work: Callable[[Item], Result], lost: Callable[[Item, str], Result]) -> Result:
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return lost(item, LOST)


def _pool(workers: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks of threads that are not there
    count = max(usable_cores() // workers, 1)
    return ProcessPoolExecutor(workers, context, partial(_begin, context.Value("i", 0), count))


def _begin(number: "multiprocessing.sharedctypes.Synchronized[int]", count: int) -> None:
    """Keep this process to cores of its own, and have it end with its parent, however that ends."""
    with number.get_lock():
        mine, number.value = number.value, number.value + 1
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[(mine * count + i) % len(cores)] for i in range(count)})
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
