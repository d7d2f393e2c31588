"""Where the time goes."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

import numpy as np

from explorer.structures import Spread

T = TypeVar("T")


class StageTimer:
    """Adds up wall-clock time by stage."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time the body as part of `stage`."""
        start = perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] += perf_counter() - start

    def each(self, stage: str, values: Iterator[T]) -> Iterator[T]:
        """The values, with the time that is spent waiting for them."""
        while True:
            with self(stage):
                value = next(values, None)
            if value is None:
                return
            yield value

    def milliseconds(self) -> dict[str, float]:
        """Milliseconds by stage, in the order in which stages began."""
        return {stage: seconds * 1e3 for stage, seconds in self._seconds.items()}


def median_iqr(milliseconds: np.ndarray) -> Spread:
    """Median and interquartile range of repeated measurements (N,), in milliseconds."""
    low, median, high = np.percentile(milliseconds, [25, 50, 75])
    return Spread(float(median), float(high - low))


def speed_up(cost: Spread, base: Spread) -> float | None:
    """How many times less `cost` is than `base`; None where both vary so much that neither is surely the smaller.

    Unsteady are two medians that lie nearer to each other than half of both interquartile ranges reach.
    """
    if abs(base.median - cost.median) <= (base.iqr + cost.iqr) / 2:
        return None
    return base.median / cost.median
