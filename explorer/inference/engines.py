"""A detector made runnable: torch, ONNX Runtime or OpenVINO, uint8 crops in, logits and evidence maps out."""

from collections import deque
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from explorer.cores import usable_cores
from explorer.errors import InvalidRequest, UnknownOption
from explorer.structures import InferenceFunction

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest
    from torch.nn import Module

CROPS_PER_CORE = 2  # at a time
BATCH_SIZE = CROPS_PER_CORE * usable_cores()  # crops per engine call: fast, and enough calls for a spread


def torch_engine(detector: "Module") -> InferenceFunction:
    """The reference: eager PyTorch, kernels laid out channels last."""
    import torch

    detector = detector.eval().to(memory_format=torch.channels_last)

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.inference_mode():
            logits, evidence = detector(torch.from_numpy(np.ascontiguousarray(crops)))
        return logits.numpy(), evidence.numpy()

    return run


def onnxruntime_engine(graph: Path) -> InferenceFunction:
    """ONNX Runtime on the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = usable_cores()
    # Threads that spin between calls would take the cores from the next stage.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, evidence = session.run(["logits", "evidence"], {"crops": np.ascontiguousarray(crops)})
        return logits, evidence

    return run


def openvino_engine(graph: Path) -> InferenceFunction:
    """OpenVINO on the CPU."""
    run = batched_inference(graph, CROPS_PER_CORE, ("logits", "evidence"))
    return lambda crops: tuple(run(crops))


def batched_inference(
    graph: Path, at_once: int, outputs: Sequence[str] = ()
) -> Callable[[np.ndarray], list[np.ndarray]]:
    """A graph of one input on OpenVINO; images in, the outputs of these names out, or all of them.

    A batch is shared out among the cores, `at_once` images to one thread at a time: for such small networks that is a
    quarter faster than all threads on one network, which wait for each other after every layer, and a size that is
    fixed is a tenth faster than any size, and takes less memory.
    """
    compiled, using = _compiled(graph, at_once), Lock()
    ports = [compiled.output(name) for name in outputs] or compiled.outputs
    requests = [compiled.create_infer_request() for _ in range(usable_cores())]

    def finished(request: "InferRequest") -> list[np.ndarray]:
        request.wait()
        return [request.get_tensor(port).data.copy() for port in ports]

    def run(batch: np.ndarray) -> list[np.ndarray]:
        filler = np.zeros((-len(batch) % at_once, *batch.shape[1:]), batch.dtype)
        parts = np.concatenate([batch, filler]).reshape(-1, at_once, *batch.shape[1:])
        busy, found = deque(), []
        with using:  # in turn, and not by openvino.AsyncInferQueue, whose end can end the process
            for part, request in zip(parts, cycle(requests), strict=False):
                if len(busy) == len(requests):
                    found.append(finished(busy.popleft()))
                request.start_async({0: part}, share_inputs=True)
                busy.append(request)
            found += map(finished, busy)
        return [np.concatenate(column)[: len(batch)] for column in zip(*found, strict=True)]

    return run


def _compiled(graph: Path, at_once: int) -> "CompiledModel":
    """The graph for `at_once` images, in float32: its own choice would be bfloat16 where the processor has it."""
    import openvino

    core, cores = openvino.Core(), usable_cores()
    # A mapped file that is cut short or overwritten would take the server along.
    model = core.read_model(str(graph), config={"ENABLE_MMAP": False})
    shape = model.inputs[0].partial_shape
    shape[0] = at_once
    model.reshape(shape)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": cores, "NUM_STREAMS": cores}
    return core.compile_model(model, "CPU", settings)


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
