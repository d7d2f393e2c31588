"""int8 graphs: weights per output channel, activations per tensor, ranges and training from training crops."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from explorer.faces.crops import resize_crop
from explorer.inference.engines import open_engine
from explorer.telemetry import silence
from model_zoo.detector import Detector
from train.dataset.items import Item
from train.errors import BadRun
from train.release.onnx_export import export_graph

if TYPE_CHECKING:
    import torch

MAX_DRIFT = 0.05  # mean |p_fake - p_fake of float| on the judging crops; above it something is broken
CALIBRATION, JUDGING = 384, 512  # crops
SETTLING = 96  # of the calibration crops: a layer's activations of all are in memory at once
BATCH = 16


@dataclass(frozen=True)
class Quantized:
    """What was written: how far p_fake drifts from the float graph's before and after training, in how many steps."""

    untrained_drift: float
    drift: float
    steps: int
    convolutions: int


class _Crops:
    """ONNX Runtime's CalibrationDataReader; it knows one by its method, and cannot be imported without onnx."""

    def __init__(self, crops: np.ndarray):
        self.batches: Iterator[np.ndarray] = iter(np.array_split(crops, max(len(crops) // BATCH, 1)))

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self.batches, None)
        return None if batch is None else {"crops": batch}


def quantize(
    detector: Detector,
    size: int,
    calibration: np.ndarray,
    judging: np.ndarray,
    path: Path,
    batches: "Iterable[torch.Tensor]" = (),
    steps: int = 0,
) -> Quantized:
    """Write the detector as an int8 ONNX graph in QDQ form (Jacob et al., CVPR 2018, section 2), for any engine.

    Every convolution is int8. `calibration` and `judging` are (N, S, S, 3) uint8 crops of the training split: the first
    give the activations' ranges, the second tell how far p_fake drifts. What a detector of forgeries looks for is as
    faint as int8's own noise, so the weights are then trained for `steps` batches of crops (N, S, S, 3) uint8, at most,
    to say what the float detector says: Jacob et al., section 3. Raises BadRun.
    """
    silence()
    import onnx  # what trains does without it
    import torch
    from onnxruntime.quantization import quant_pre_process

    from train.release.qat import QuantizedGraph, train_quantized
    from train.release.qdq import trimmed

    if len(calibration) < 300:
        raise BadRun(f"int8 ranges need at least 300 training crops, not {len(calibration)}")
    with tempfile.TemporaryDirectory() as folder:
        exported = export_graph(detector, (size, size, 3), Path(folder) / "float.onnx")
        prepared, static = Path(folder) / "prepared.onnx", Path(folder) / "static.onnx"
        quant_pre_process(str(exported), str(prepared), skip_symbolic_shape=True)
        _write_static(prepared, static, calibration)
        reference = _p_fake(exported, judging)
        onnx.save(model := trimmed(onnx.load(static)), static)
        untrained = float(np.abs(_p_fake(static, judging) - reference).mean())
        graph = QuantizedGraph(onnx.load(prepared), model)
        graph.settle(torch.from_numpy(calibration[:SETTLING]))
        trained = train_quantized(graph, detector, batches, steps).steps if steps else 0
        onnx.save(graph.write_into(model), static)
        drift = float(np.abs(_p_fake(static, judging) - reference).mean())
        if drift > MAX_DRIFT:
            raise BadRun(f"int8 moves p_fake by {drift:.3f} on average after {trained} steps; train longer")
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(static, path)
    return Quantized(untrained, drift, trained, len(graph.weights))


def training_crops(items: Sequence[Item], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Crops (CALIBRATION, S, S, 3) to take ranges from and (JUDGING, S, S, 3) to judge by, of training items."""
    drawn = np.random.default_rng(0).permutation(len(items))[: CALIBRATION + JUDGING]
    crops = np.stack([resize_crop(items[i].pixels(), size) for i in drawn])
    return crops[:CALIBRATION], crops[CALIBRATION:]


def _write_static(prepared: Path, path: Path, calibration: np.ndarray) -> None:
    silence()
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    quantize_static(
        str(prepared),
        str(path),
        _Crops(calibration),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Add", "Clip"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        reduce_range=True,  # QuantizedGraph takes the finest steps that train/release/weight_steps.py allows
        calibrate_method=CalibrationMethod.MinMax,
    )


def _p_fake(graph: Path, crops: np.ndarray) -> np.ndarray:
    """p_fake (N,) of crops (N, S, S, 3) on the fastest engine installed."""
    run = open_engine("auto", graph, lambda: None)
    return expit(np.concatenate([run(batch)[0] for batch in np.array_split(crops, max(len(crops) // BATCH, 1))]))
