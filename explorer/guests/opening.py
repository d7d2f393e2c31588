"""A guest made ready to run, and kept warm for the next clip."""

from collections.abc import Callable
from functools import cache
from threading import Lock

import numpy as np

from explorer.errors import ExplorerError
from explorer.guests.classifier import onnx_classifier
from explorer.guests.recorded import recorded
from explorer.guests.timm_graph import timm_classifier
from explorer.inference.engines import available_engines
from explorer.structures import InferenceFunction, Runner
from explorer.verdicts import uncertain_band
from model_zoo.errors import BadGuest, ZooError
from model_zoo.files import check_sha256
from model_zoo.guest import ONNX, SCORES, TIMM, Guest

CLASSIFIERS: dict[str, Callable[[Guest, str], InferenceFunction]] = {ONNX: onnx_classifier, TIMM: timm_classifier}
RUN_BY = {ONNX: ("openvino", "onnxruntime"), TIMM: ("openvino", "torch")}  # fastest first
_opening = Lock()


def open_guest(guest: Guest, engine: str = "auto") -> Runner:
    """Load, compile and warm up a guest, once; "auto" is the fastest engine that runs it.

    Raises model_zoo's errors, UnknownOption or InvalidRequest. A failure is not kept: the next call tries again.
    """
    with _opening:  # the warm-up at start and the first visitor may ask at the same time
        if guest.form == SCORES or engine != "auto":
            return _open(guest, engine)
        failure: ZooError = BadGuest(f"{guest.name} runs on {' or '.join(RUN_BY[guest.form])}; neither is installed")
        for name in [each for each in RUN_BY[guest.form] if each in available_engines()]:
            try:
                return _open(guest, name)
            except BadGuest as error:  # an operator that this engine lacks
                failure = error
        raise failure


@cache
def _open(guest: Guest, engine: str) -> Runner:
    check_sha256(guest.path, guest.sha256, "the start of the app")
    if guest.form == SCORES:
        return _runner(guest, "elsewhere", lambda times: (times, np.empty((len(times), 0, 0), np.float32)))
    assert guest.view is not None
    try:
        run = CLASSIFIERS[guest.form](guest, engine)
        for _ in range(3):
            run(np.zeros((1, guest.view.side, guest.view.side, 3), np.uint8))
    except (ZooError, ExplorerError):
        raise
    except Exception as error:  # engines raise what they like, and it is somebody else's graph
        reason = " ".join(str(error).split())[:160]
        raise BadGuest(f"{guest.name} does not run on {engine}: {reason}") from error
    return _runner(guest, engine, run)


def _runner(guest: Guest, engine: str, run: InferenceFunction) -> Runner:
    return Runner(
        name=guest.name,
        engine=engine,
        run=run,
        input_size=guest.view.side if guest.view else 0,
        threshold=guest.threshold,
        uncertain=uncertain_band(guest.threshold),
        params=guest.params,
        size_mb=guest.bytes / 1e6,
        detector=lambda: None,
        view=guest.view,
        for_clip=recorded(guest) if guest.form == SCORES else None,
    )
