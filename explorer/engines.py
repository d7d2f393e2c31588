"""A detector made runnable: torch, ONNX Runtime or OpenVINO, uint8 crops in, logits and evidence maps out."""

import os
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import nn

from explorer import places
from explorer.errors import UnknownOption
from explorer.structures import Run
from explorer.timing import usable_cores


def graph_of(detector: nn.Module | Path, size: int, sha256: str, cache: Path | None = None) -> Path:
    """The detector as ONNX, exported once per weights; written aside and moved, so a reader never sees half a file.

    An int8 detector is released as a graph: its path is given back.
    """
    if isinstance(detector, Path):
        return detector
    cache = cache or places.GRAPHS
    path = cache / f"{sha256}.onnx"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        partial = cache / f"{sha256}.{os.getpid()}.partial"
        batch = {name: {0: "faces"} for name in ("crops", "logits", "evidence")}
        crops = torch.zeros(2, size, size, 3, dtype=torch.uint8)
        with warnings.catch_warnings():
            # The TorchScript exporter is deprecated but exact here, and needs no onnxscript.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                detector.eval(), (crops,), str(partial), input_names=["crops"], output_names=["logits", "evidence"],
                dynamic_axes=batch, opset_version=17, dynamo=False,
            )  # fmt: skip
        os.replace(partial, path)
    return path


def torch_engine(detector: nn.Module | Path, size: int, sha256: str) -> Run:
    """The reference: eager PyTorch, kernels laid out channels last. Raises UnknownOption for an int8 detector."""
    if isinstance(detector, Path):
        raise UnknownOption("an int8 variant is a graph that torch does not run; choose openvino or onnxruntime")
    detector = detector.eval().to(memory_format=torch.channels_last)

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        with torch.inference_mode():
            logits, evidence = detector(torch.from_numpy(np.ascontiguousarray(crops)))
        return logits.numpy(), evidence.numpy()

    return run


def onnxruntime_engine(detector: nn.Module | Path, size: int, sha256: str) -> Run:
    """ONNX Runtime on the CPU."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = usable_cores()
    # Threads that spin between calls would take the cores from the next stage.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    graph = graph_of(detector, size, sha256)
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, evidence = session.run(["logits", "evidence"], {"crops": np.ascontiguousarray(crops)})
        return logits, evidence

    return run


def openvino_engine(detector: nn.Module | Path, size: int, sha256: str) -> Run:
    """OpenVINO on the CPU, in float32 (its own choice would be bfloat16 where the processor has it)."""
    import openvino

    graph = graph_of(detector, size, sha256)
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "f32",
        "INFERENCE_NUM_THREADS": usable_cores(),
    }
    compiled = openvino.Core().compile_model(str(graph), "CPU", settings)

    def run(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        outputs = compiled(np.ascontiguousarray(crops))
        return outputs["logits"].copy(), outputs["evidence"].copy()

    return run


ENGINES: dict[str, Callable[[nn.Module | Path, int, str], Run]] = {  # fastest first
    "openvino": openvino_engine,
    "onnxruntime": onnxruntime_engine,
    "torch": torch_engine,
}


def available_engines() -> tuple[str, ...]:
    """The engines installed here, fastest first."""
    return tuple(name for name in ENGINES if find_spec(name))


def engine_named(name: str) -> Callable[[nn.Module | Path, int, str], Run]:
    """The engine of that name. Raises UnknownOption, listing what is installed."""
    available = available_engines()
    if name not in available:
        raise UnknownOption(f"no engine named {name!r} is installed; choose one of auto, {', '.join(available)}")
    return ENGINES[name]
