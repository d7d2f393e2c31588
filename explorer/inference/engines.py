"""A detector made runnable: torch, ONNX Runtime or OpenVINO, uint8 crops in, logits and perhaps evidence maps out."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.cores import usable_cores
from explorer.errors import InvalidRequest, UnknownOption
from explorer.inference.openvino_graph import batched_inference
from explorer.structures import InferenceFunction
from explorer.telemetry import silence

if TYPE_CHECKING:
    from torch.nn import Module

CROPS_PER_CORE = 2  # at a time
OUTPUTS = ("logits", "evidence")  # of a variant's graph, in this order; the second only where its head gives a map
BATCH_SIZE = CROPS_PER_CORE * usable_cores()  # crops per engine call: fast, and enough calls for a spread


def torch_engine(detector: "Module") -> InferenceFunction:
    """The reference: eager PyTorch, kernels laid out channels last."""
    import torch

    detector = detector.eval()
    if all(weights.ndim < 5 for weights in detector.parameters()):  # kernels of three dimensions have no such layout
        detector = detector.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # its stub lacks it

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.inference_mode():
            return _both([output.numpy() for output in detector(torch.from_numpy(np.ascontiguousarray(crops)))])

    return run


def onnxruntime_session(graph: Path | bytes, entries: Mapping[str, str] = MappingProxyType({})) -> Any:
    """A graph's session on ONNX Runtime; `entries` are settings of its own beside ours."""
    silence()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = usable_cores()
    # Threads that spin between calls would take the cores from the next stage.
    for name, value in ({"session.intra_op.allow_spinning": "0"} | dict(entries)).items():
        options.add_session_config_entry(name, value)
    content = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def onnxruntime_engine(graph: Path) -> InferenceFunction:
    """ONNX Runtime on the CPU."""
    session = onnxruntime_session(graph)

    return lambda crops: _both(session.run(None, {"crops": np.ascontiguousarray(crops)}))


def openvino_engine(graph: Path) -> InferenceFunction:
    """OpenVINO on the CPU."""
    run = batched_inference(graph, CROPS_PER_CORE)
    return lambda crops: _both(run(crops))


def _both(outputs: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """A graph's OUTPUTS: logits (N,) and evidence (N, h, w), (N, 0, 0) of a head that gives no map."""
    logits, *evidence = outputs
    return logits, evidence[0] if evidence else np.empty((len(logits), 0, 0), np.float32)


GRAPH_ENGINES: dict[str, Callable[[Path], InferenceFunction]] = {
    "openvino": openvino_engine,
    "onnxruntime": onnxruntime_engine,
}
ENGINES = (*GRAPH_ENGINES, "torch")  # fastest first


def available_engines() -> tuple[str, ...]:
    """The engines installed here, fastest first."""
    return tuple(name for name in ENGINES if find_spec(name))


def fastest_engine() -> str:
    """The first of the engines installed that loads. Raises UnknownOption where none does."""
    for name in available_engines():
        if _loads(name):
            return name
    raise UnknownOption(f"no engine loads here; install one of {', '.join(ENGINES)}")


def _loads(name: str) -> bool:
    silence()
    try:
        import_module(name)
    except (ImportError, OSError):  # a library of the system may be missing
        return False
    return True


def open_engine(name: str, graph: Path, detector: Callable[[], "Module | None"]) -> InferenceFunction:
    """A variant's graph, or on torch its detector, on the engine of that name ("auto": the fastest that loads).

    Raises UnknownOption, listing what is installed, and InvalidRequest for an int8 variant on torch.
    """
    available = available_engines()
    name = fastest_engine() if name == "auto" else name
    if name not in available:
        raise UnknownOption(f"no engine named {name!r} is installed; choose one of auto, {', '.join(available)}")
    if not _loads(name):
        raise UnknownOption(f"the engine {name} is installed and does not load here; choose auto")
    if name in GRAPH_ENGINES:
        return GRAPH_ENGINES[name](graph)
    network = detector()
    if network is None:
        raise InvalidRequest("an int8 variant is a graph that torch does not run; choose openvino or onnxruntime")
    return torch_engine(network)
