"""Names beside points of a figure, that never lie over each other however wide the figure is drawn."""

from collections.abc import Sequence

LINE = 15  # pixels from one name to the next
LOWEST = 240  # pixels: the plot is at least as high; where it is higher, names only move apart


def stacked(heights: Sequence[float], low: float, high: float) -> list[int]:
    """How many pixels each name stands below its point, whose `heights` (N,) lie on an axis from `low` to `high`.

    From the highest point down, each name is at least LINE lower than the one before it.
    """
    span = max(high - low, 1e-9)
    below = [0] * len(heights)
    floor = -float("inf")  # the lowest place that is taken, in pixels from the top
    for i in sorted(range(len(heights)), key=lambda i: -heights[i]):
        wanted = (high - heights[i]) / span * LOWEST
        place = max(wanted, floor + LINE)
        below[i] = round(place - wanted)
        floor = place
    return below
