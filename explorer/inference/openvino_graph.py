"""A graph of one input on OpenVINO, a batch shared out among the cores."""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from explorer.cores import usable_cores
from explorer.telemetry import silence

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest


def batched_inference(
    graph: Path, at_once: int, outputs: Sequence[str] = (), image: Sequence[int] = ()
) -> Callable[[np.ndarray], list[np.ndarray]]:
    """Images in, the values of these names out, or all outputs; `image` is an image's shape, where the graph leaves it
    open.

    A batch is shared out among the cores, `at_once` images to one thread at a time: for such small networks that is a
    quarter faster than all threads on one network, which wait for each other after every layer, and a size that is
    fixed is a tenth faster than any size, and takes less memory.
    """
    compiled, turn = _compiled(graph, at_once, outputs, image), Lock()
    ports = [compiled.output(name) for name in outputs] or compiled.outputs
    requests = [compiled.create_infer_request() for _ in range(usable_cores())]

    def finished(request: "InferRequest") -> list[np.ndarray]:
        request.wait()
        return [request.get_tensor(port).data.copy() for port in ports]

    def run(batch: np.ndarray) -> list[np.ndarray]:
        filler = np.zeros((-len(batch) % at_once, *batch.shape[1:]), batch.dtype)
        parts = np.concatenate([batch, filler]).reshape(-1, at_once, *batch.shape[1:])
        busy: deque[InferRequest] = deque()
        outputs_of_parts: list[list[np.ndarray]] = []
        with turn:  # in turn, and not by openvino.AsyncInferQueue, whose end can end the process
            for part, request in zip(parts, cycle(requests), strict=False):
                if len(busy) == len(requests):
                    outputs_of_parts.append(finished(busy.popleft()))
                request.start_async({0: part}, share_inputs=True)
                busy.append(request)
            outputs_of_parts += map(finished, busy)
        return [np.concatenate(column)[: len(batch)] for column in zip(*outputs_of_parts, strict=True)]

    return run


def _compiled(graph: Path, at_once: int, outputs: Sequence[str], image: Sequence[int]) -> "CompiledModel":
    """The graph for `at_once` images, in float32: its own choice would be bfloat16 where the processor has it."""
    silence()
    import openvino

    core, cores = openvino.Core(), usable_cores()
    # A mapped file that is cut short or overwritten would take the server along.
    model = core.read_model(str(graph), config={"ENABLE_MMAP": False})
    known = {name for output in model.outputs for name in output.names}
    if hidden := [name for name in outputs if name not in known]:
        model.add_outputs(hidden)
    shape = model.inputs[0].partial_shape
    for axis, side in enumerate((at_once, *image)):
        shape[axis] = side
    model.reshape(shape)
    settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": cores, "NUM_STREAMS": cores}
    return core.compile_model(model, "CPU", settings)
