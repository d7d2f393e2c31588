"""Static int8: weights per output channel, activations per tensor, ranges from training crops."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import expit

from explorer.faces.crops import resize_crop
from explorer.inference.engines import open_engine
from model_zoo.detector import Detector
from train.dataset.items import Item
from train.errors import BadRun
from train.release.onnx_export import export_graph

DRIFT = 0.006  # mean |p_fake - p_fake of float| on the judging crops: about one verdict flipped in a hundred
CALIBRATION, JUDGING = 384, 512  # crops
BATCH = 16


@dataclass(frozen=True)
class Quantized:
    """What was written: how far p_fake drifts from the float graph's, and how many convolutions stay in float."""

    drift: float
    floats: int
    convolutions: int


class _Crops:
    """ONNX Runtime's CalibrationDataReader; it knows one by its method, and cannot be imported without onnx."""

    def __init__(self, crops: np.ndarray):
        self.batches: Iterator[np.ndarray] = iter(np.array_split(crops, max(len(crops) // BATCH, 1)))

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self.batches, None)
        return None if batch is None else {"crops": batch}


def quantize(detector: Detector, size: int, calibration: np.ndarray, judging: np.ndarray, path: Path) -> Quantized:
    """Write the detector as an int8 ONNX graph in QDQ form (Jacob et al., CVPR 2018, section 2), for any engine.

    `calibration` and `judging` are (N, S, S, 3) uint8 crops of the training split: the first give the activations'
    ranges, the second decide how many layers stay in float. What a detector of forgeries looks for is as faint as
    int8's own noise, and noise of the first layers grows on its way: as few of the first convolutions stay in float as
    keep the drift within DRIFT. The last one, which gives the evidence map, always does. Raises BadRun.
    """
    if len(calibration) < 300:
        raise BadRun(f"int8 ranges need at least 300 training crops, not {len(calibration)}")
    import onnx
    from onnxruntime.quantization import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        exported = export_graph(detector, size, Path(folder) / "float.onnx")
        prepared, trial = Path(folder) / "prepared.onnx", Path(folder) / "trial.onnx"
        quant_pre_process(str(exported), str(prepared), skip_symbolic_shape=True)
        nodes = [(node.name, node.op_type) for node in onnx.load(prepared).graph.node]
        convolutions = [i for i, (_, kind) in enumerate(nodes) if kind == "Conv"]
        reference = _p_fake(exported, judging)
        low, high, best = 0, len(convolutions) - 1, None
        while low < high:
            floats = (low + high) // 2
            kept = [name for name, _ in nodes[: convolutions[floats]]] + [nodes[convolutions[-1]][0]]
            _write(prepared, trial, calibration, kept)
            drift = float(np.abs(_p_fake(trial, judging) - reference).mean())
            if drift <= DRIFT:
                high, best = floats, Quantized(drift, floats, len(convolutions))
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(trial, path)
            else:
                low = floats + 1
    if best is None:
        raise BadRun(f"int8 moves p_fake by {drift:.3f} on average whatever stays in float; check the weights")
    return best


def training_crops(items: Sequence[Item], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Crops (CALIBRATION, S, S, 3) to take ranges from and (JUDGING, S, S, 3) to judge by, of training items."""
    drawn = np.random.default_rng(0).permutation(len(items))[: CALIBRATION + JUDGING]
    crops = np.stack([resize_crop(items[i].pixels(), size) for i in drawn])
    return crops[:CALIBRATION], crops[CALIBRATION:]


def _write(prepared: Path, path: Path, calibration: np.ndarray, floats: list[str]) -> None:
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
        nodes_to_exclude=floats,
        calibrate_method=CalibrationMethod.MinMax,
    )


def _p_fake(graph: Path, crops: np.ndarray) -> np.ndarray:
    """p_fake (N,) of crops (N, S, S, 3) on the fastest engine installed."""
    run = open_engine("auto", graph, lambda: None)
    return expit(np.concatenate([run(batch)[0] for batch in np.array_split(crops, max(len(crops) // BATCH, 1))]))
