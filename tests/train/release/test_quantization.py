import numpy as np
import onnx
import pytest
import torch
from scipy.special import expit

from explorer.inference.engines import GRAPH_ENGINES
from model_zoo.detector import Detector
from train.errors import BadRun
from train.release.quantization import DRIFT, quantize

pytestmark = pytest.mark.heavy  # graphs are quantized and compiled


class Stack(torch.nn.Module):
    """Three convolutions and a logit, with the interface of timm's EfficientNets."""

    def __init__(self):
        super().__init__()
        self.trunk = torch.nn.Sequential(
            torch.nn.Conv2d(3, 8, 3, 2, 1), torch.nn.ReLU6(), torch.nn.Conv2d(8, 16, 3, 2, 1), torch.nn.ReLU6()
        )
        self.classifier = torch.nn.Linear(16, 1)

    def forward_features(self, pixels):
        return self.trunk(pixels)

    def get_classifier(self):
        return self.classifier


@pytest.fixture(scope="module")
def crops():
    """(500, 16, 16, 3): patches of all grey levels, noisy."""
    rng = np.random.default_rng(0)
    levels = rng.integers(0, 200, (500, 1, 1, 1))
    return (levels + rng.integers(0, 56, (500, 16, 16, 3))).astype(np.uint8)


@pytest.fixture(scope="module")
def detector():
    torch.manual_seed(1)
    return Detector(Stack()).eval()


def test_int8_runs_in_both_engines_and_says_the_same(detector, crops, tmp_path):
    done = quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    assert done.drift <= DRIFT
    assert (done.floats, done.convolutions) == (0, 3)
    with torch.inference_mode():
        expected = expit(detector(torch.from_numpy(crops[400:]))[0].numpy())
    for engine in GRAPH_ENGINES.values():
        logits, evidence = engine(tmp_path / "int8.onnx")(crops[400:])
        assert np.abs(expit(logits) - expected).mean() < 2 * DRIFT
        assert evidence.shape == (100, 4, 4)


def test_the_weights_are_int8_per_channel(detector, crops, tmp_path):
    quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    graph = onnx.load(tmp_path / "int8.onnx").graph
    int8 = [tensor for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.INT8]
    kernels = [tensor for tensor in int8 if len(tensor.dims) == 4]
    assert sorted(tuple(tensor.dims) for tensor in kernels) == [(8, 3, 3, 3), (16, 8, 3, 3)]
    scales = [tensor for tensor in graph.initializer if list(tensor.dims) in ([8], [16]) and tensor.data_type == 1]
    assert scales  # a scale a channel


def test_too_few_crops_are_refused(detector, crops, tmp_path):
    with pytest.raises(BadRun, match="at least 300 training crops, not 299"):
        quantize(detector, 16, crops[:299], crops[400:], tmp_path / "int8.onnx")


def test_layers_go_back_to_float_where_int8_drifts(detector, crops, tmp_path, monkeypatch):
    monkeypatch.setattr("train.release.quantization.DRIFT", 1e-5)
    with pytest.raises(BadRun, match="int8 moves p_fake"):
        quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    assert not (tmp_path / "int8.onnx").exists()
