"""Released variants made ready to run, each kept warm for the next clip."""

from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np

from explorer.inference.engines import fastest_engine, open_engine
from explorer.structures import Runner
from explorer.verdicts import uncertain_band
from model_zoo.loading import load
from model_zoo.manifest import RELEASE

_opening = Lock()


def open_runner(name: str, engine: str = "auto", release: Path = RELEASE) -> Runner:
    """Load, compile and warm up a released variant, once. Raises model_zoo's errors, UnknownOption or InvalidRequest.

    A failure is not kept: the next call tries again.
    """
    engine = fastest_engine() if engine == "auto" else engine
    with _opening:  # the warm-up at start and the first visitor may ask at the same time
        return _open(name, engine, release)


@cache
def _open(name: str, engine: str, release: Path) -> Runner:
    loaded = load(name, release)
    run = open_engine(engine, loaded.graph, lambda: loaded.detector)
    variant = loaded.variant
    for _ in range(3):
        run(np.zeros((1, *variant.crop_shape), np.uint8))
    facts = loaded.facts
    return Runner(
        name=name,
        engine=engine,
        run=run,
        input_size=variant.input_size,
        threshold=facts.threshold,
        uncertain=uncertain_band(facts.threshold, facts.uncertain),
        params=facts.params,
        size_mb=facts.bytes / 1e6,
        detector=lambda: loaded.detector,
        guesses_on=facts.guesses_on,
        view=variant.view,
        clip_length=variant.clip_length,
    )
