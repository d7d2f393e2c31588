"""Detectors as ONNX graphs; onnx itself is imported when one is written, for it comes with train/requirements.txt."""

from __future__ import annotations

import json
import struct
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from explorer.inference.engines import OUTPUTS
from model_zoo.detector import Detector

if TYPE_CHECKING:
    from onnx import TensorProto

_FLOAT, _FLOAT16 = 1, 10  # TensorProto.DataType
_TYPES = {"F16": _FLOAT16, "F32": _FLOAT}


def export_graph(
    detector: Detector,
    shape: Sequence[int],
    path: Path,
    training: torch.onnx.TrainingMode = torch.onnx.TrainingMode.EVAL,
) -> Path:
    """Write a detector for crops of this shape, (S, S, 3) or (T, S, S, 3), any number of them, as a graph that holds
    its own weights."""
    import onnx  # noqa: F401  # torch's exporter wants it, and would say so in words of its own

    outputs = list(OUTPUTS if detector.kind.evidence else OUTPUTS[:1])
    batch = {name: {0: "faces"} for name in ("crops", *outputs)}
    crops = torch.zeros(2, *shape, dtype=torch.uint8)
    with warnings.catch_warnings():
        # The TorchScript exporter is deprecated but exact here, and needs no onnxscript.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            detector.eval(), (crops,), str(path), input_names=["crops"], output_names=outputs,
            dynamic_axes=batch, opset_version=17, dynamo=False, training=training,
            do_constant_folding=training == torch.onnx.TrainingMode.EVAL,
        )  # fmt: skip
    return path


def export_beside(detector: Detector, shape: Sequence[int], weights: Path) -> Path:
    """Write `model.onnx` beside a detector's stored weights; it holds the layers and reads the weights from there.

    A safetensors file is a header and raw tensors, so ONNX's external data can point into it: one copy of the weights
    serves torch, ONNX Runtime and OpenVINO. The engines widen half-precision kernels and fold batch norms at start.
    """
    import onnx
    from onnx import helper

    path = weights.with_name("model.onnx")
    export_graph(detector, shape, path, torch.onnx.TrainingMode.PRESERVE)  # batch norms stay, as they are stored
    graph = (model := onnx.load(path)).graph
    stored = _places(weights)
    tensors, casts = [], []
    for tensor in graph.initializer:
        kind, offset, length = stored[tensor.name.removeprefix("network.")]
        half = kind == _FLOAT16
        name = f"{tensor.name}.half" if half else tensor.name
        tensors.append(_external(name, kind, tensor.dims, weights.name, offset, length))
        if half:
            casts.append(helper.make_node("Cast", [name], [tensor.name], to=_FLOAT))
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(tensors)
    graph.node.extend(nodes)
    onnx.save(model, path)
    return path


def _places(weights: Path) -> dict[str, tuple[int, int, int]]:
    """Type, offset and length in bytes of each tensor of a safetensors file."""
    with open(weights, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return dict(_rows(header, 8 + length))


def _rows(header: dict, start: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
    for key, row in header.items():
        if key != "__metadata__" and row["dtype"] in _TYPES:
            begin, end = row["data_offsets"]
            yield key, (_TYPES[row["dtype"]], start + begin, end - begin)


def _external(name: str, kind: int, dims: Iterable[int], location: str, offset: int, length: int) -> TensorProto:
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=kind, dims=dims, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    return tensor
