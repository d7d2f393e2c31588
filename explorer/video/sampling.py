"""Which frames of a clip are looked at, and which stretches were not."""

from collections.abc import Iterator

import numpy as np

from explorer.structures import ClipInfo
from explorer.video.timeline import ADVICE

MOST_NAMED = 3  # stretches that are named in a sentence
NOT_LOOKED_AT = f"not looked at: {{stretches}} of {{name}}; {{seen}} of {{wanted}} frames could be read; {ADVICE}"


def sample_indices(times: np.ndarray, end_s: float, count: int) -> np.ndarray:
    """Of frames shown from `times` (F,) on until `end_s`, the indices (min(count, F),), ascending, of those to look at.

    The frames nearest to the middles of `count` equal parts; where several parts are nearest to one frame, frames
    between are added evenly.
    """
    if count >= len(times):
        return np.arange(len(times))
    wanted = (np.arange(count) + 0.5) * end_s / count
    after = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
    nearest = np.unique(after - (wanted - times[after - 1] <= times[after] - wanted))
    others = np.setdiff1d(np.arange(len(times)), nearest)
    missing = count - len(nearest)
    added = others[((np.arange(missing) + 0.5) * len(others) / missing).astype(int)] if missing else others[:0]
    return np.union1d(nearest, added)


def unseen_stretches(wanted: np.ndarray, seen: np.ndarray, end_s: float) -> Iterator[tuple[float, float]]:
    """From when to when nothing was looked at, though frames `wanted` (N,) lie there; `seen` (M,) were read."""
    got = np.zeros(len(wanted), bool)
    got[np.clip(np.searchsorted(wanted, seen + 1e-6, side="right") - 1, 0, None)] = True
    missing = np.flatnonzero(~got)
    for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1) if len(missing) else []:
        before = wanted[run[0] - 1] if run[0] else 0.0
        yield float(before), float(wanted[run[-1] + 1]) if run[-1] + 1 < len(wanted) else end_s


def unseen(info: ClipInfo, wanted: np.ndarray, seen: np.ndarray) -> list[str]:
    """A sentence on what was not looked at, none where every frame that was wanted has been read."""
    stretches = list(unseen_stretches(wanted, seen, info.duration_s))
    if not stretches:
        return []
    named = [f"{start:.2f} to {end:.2f} s" for start, end in stretches[:MOST_NAMED]]
    more = [f"{len(stretches) - MOST_NAMED} more stretches"] if len(stretches) > MOST_NAMED else []
    told = ", ".join(named + more)
    return [NOT_LOOKED_AT.format(stretches=told, name=info.name, seen=len(seen), wanted=len(wanted))]
