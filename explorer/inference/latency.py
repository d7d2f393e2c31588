"""What one face costs each variant on this processor, measured now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from explorer.errors import ExplorerError
from explorer.inference.engines import BATCH_SIZE
from explorer.structures import InferenceFunction, OpenRunner, Progress, Runner, Spread, VariantError
from explorer.timing import median_iqr
from model_zoo.errors import ZooError

BATCHES, WARM_UP = 15, 3  # timed, and run before that, because an engine's first calls are slower


@dataclass(frozen=True)
class Latency:
    """Milliseconds per face of a variant on an engine."""

    name: str
    engine: str
    ms_per_face: Spread


def batch_times(runner: Runner, batches: int = BATCHES, faces: int = BATCH_SIZE) -> np.ndarray:
    """Milliseconds per face (batches,) of a warm runner on noise: what crops show does not change what they cost."""
    size, times = runner.input_size, (runner.clip_length,) if runner.clip_length > 1 else ()
    crops = np.random.default_rng(0).integers(0, 256, (faces, *times, size, size, 3), np.uint8)
    return milliseconds_per_crop(runner.run, crops, batches)


def milliseconds_per_crop(run: InferenceFunction, crops: np.ndarray, rounds: int, warm_up: int = WARM_UP) -> np.ndarray:
    """What each of the rounds (rounds,) took for one of the crops (N, S, S, 3) uint8, all given at once, once warm."""
    spent = []
    for _ in range(warm_up + rounds):
        began = perf_counter()
        run(crops)
        spent.append((perf_counter() - began) * 1e3 / len(crops))
    return np.array(spent[warm_up:])


def time_each(runners: Mapping[str, OpenRunner]) -> Iterator[Progress | Latency | VariantError]:
    """Open and time the variants one after another; one that cannot be opened is named, the others are timed."""
    for done, (name, open_variant) in enumerate(runners.items()):
        yield Progress(f"timing {name}", done, len(runners))
        try:
            runner = open_variant()
            yield Latency(name, runner.engine, median_iqr(batch_times(runner)))
        except (ZooError, ExplorerError) as error:
            yield VariantError(name, str(error))
