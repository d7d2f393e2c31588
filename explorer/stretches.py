"""Stretches of a clip in which one person looks forged, whatever the rest looks like."""

from collections.abc import Sequence

import numpy as np

from explorer.structures import Stretch

MIN_FACES = 3  # in a stretch
MIN_SHARE = 0.1  # of the person's faces that are in a stretch
MARGIN = 0.5  # how far above the threshold a stretch lies, of what there is between the threshold and 1
THROUGHOUT = "throughout"
NOISE = 0.05  # the least standard deviation that p_fake is taken to have from face to face


def forged_stretches(p_fake: np.ndarray, times: np.ndarray, threshold: float) -> tuple[Stretch, ...]:
    """Where the p_fake (N,) of one person's faces at ascending `times` (N,) lies well above the threshold for a while.

    The curve is cut at its change points; neighbouring segments whose mean lies above the border are one stretch. It
    reaches half the way to the neighbouring faces. `benchmarks/stretches.py` chose MARGIN.
    """
    shortest = max(MIN_FACES, int(np.ceil(MIN_SHARE * len(p_fake))))
    if len(p_fake) < shortest:
        return ()
    border = threshold + MARGIN * (1 - threshold)
    cuts = change_points(p_fake, shortest)
    high = np.zeros(len(p_fake) + 2, bool)  # one more at either end, which is low
    for start, end in zip([0, *cuts], [*cuts, len(p_fake)], strict=True):
        high[start + 1 : end + 1] = p_fake[start:end].mean() > border
    starts, ends = np.flatnonzero(high[1:] & ~high[:-1]), np.flatnonzero(high[:-1] & ~high[1:])
    borders = np.concatenate([times[:1], (times[1:] + times[:-1]) / 2, times[-1:]])
    return tuple(
        Stretch(float(borders[start]), float(borders[end]), float(p_fake[start:end].mean()))
        for start, end in zip(starts, ends, strict=True)
    )


def change_points(values: np.ndarray, shortest: int) -> list[int]:
    """Where a curve (N,) jumps: the starts of all segments but the first, each of at least `shortest` values.

    The partition with the least squared deviations from the segments' means plus, for each segment, twice the noise's
    variance times log N (optimal partitioning; Jackson et al., IEEE SPL 2005, with the penalty of Yao, 1988). The noise
    is judged by the differences of neighbours, which a jump changes but once.
    """
    count = len(values)
    noise = max(np.median(np.abs(np.diff(values))) / 0.954, NOISE) if count > 1 else NOISE  # of a normal distribution
    penalty = 2 * noise**2 * np.log(max(count, 2))
    sums, squares = (np.concatenate([[0.0], np.cumsum(values**power)]) for power in (1, 2))
    best, before = np.full(count + 1, np.inf), np.zeros(count + 1, int)
    best[0] = 0.0
    for end in range(shortest, count + 1):
        starts = np.arange(end - shortest + 1)
        deviations = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        costs = best[starts] + deviations + penalty
        before[end] = costs.argmin()
        best[end] = costs[before[end]]
    cuts: list[int] = []
    end = before[count]
    while end:
        cuts.insert(0, int(end))
        end = before[end]
    return cuts


def words_for(stretches: Sequence[Stretch], duration_s: float, samples: int) -> str:
    """When the stretches of a clip are, for people: "from 3 s to 9 s and from 41 s to the end"; empty without any.

    What is nearer to an end of the clip than two of its samples are to each other is at the end.
    """
    spacing = duration_s / max(samples, 1)
    digits = 0 if spacing >= 1 else 1
    return " and ".join(_in_words(each, spacing, duration_s - spacing, digits) for each in stretches)


def _in_words(stretch: Stretch, early: float, late: float, digits: int) -> str:
    start, end = f"{stretch.from_s:.{digits}f} s", f"{stretch.to_s:.{digits}f} s"
    if stretch.from_s <= early:
        return THROUGHOUT if stretch.to_s >= late else f"from the start to {end}"
    return f"from {start} to the end" if stretch.to_s >= late else f"from {start} to {end}"
