"""A guest's ONNX graph on OpenVINO or ONNX Runtime: normalised pictures in, its outputs out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from explorer.errors import InvalidRequest
from explorer.inference.engines import CROPS_PER_CORE, onnxruntime_session
from explorer.inference.openvino_graph import batched_inference
from model_zoo.guests.onnx_file import with_output
from model_zoo.guests.signature import Signature

# Pictures (N, 3, S, S) or (N, S, S, 3), in the kind of numbers that the graph takes -> its outputs
GraphFunction = Callable[[np.ndarray], list[np.ndarray]]
BESIDE = "session.model_external_initializers_file_folder_path"  # where a graph given as bytes keeps weights


def open_graph(graph: Path, engine: str, signature: Signature, side: int, features: str = "") -> GraphFunction:
    """The graph on an engine, for pictures of `side` pixels; with `features`, the value of that name comes out, too.

    Raises InvalidRequest for torch, and what the engine raises where it cannot run the graph.
    """
    outputs = [signature.output, features] if features else [signature.output]
    if engine == "openvino":
        shape = (side, side, 3) if signature.channels_last else (3, side, side)
        return batched_inference(graph, signature.batch or CROPS_PER_CORE, outputs, shape)
    if engine == "onnxruntime":
        return _on_onnxruntime(graph, signature, outputs, features)
    raise InvalidRequest(f"this guest is a graph that {engine} does not run; choose openvino or onnxruntime")


def _on_onnxruntime(graph: Path, signature: Signature, outputs: Sequence[str], features: str) -> GraphFunction:
    content = with_output(graph.read_bytes(), features) if features else graph
    session = onnxruntime_session(content, {BESIDE: str(graph.parent)} if features else {})

    def run(pictures: np.ndarray) -> list[np.ndarray]:
        at_once = signature.batch or len(pictures)
        filler = np.zeros((-len(pictures) % at_once, *pictures.shape[1:]), pictures.dtype)
        padded = np.concatenate([pictures, filler])
        parts = [
            session.run(list(outputs), {signature.input: padded[start : start + at_once]})
            for start in range(0, len(padded), at_once)
        ]
        return [np.concatenate(column)[: len(pictures)] for column in zip(*parts, strict=True)]

    return run
