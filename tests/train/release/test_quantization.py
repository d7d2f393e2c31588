import numpy as np
import onnx
import pytest
import torch
from scipy.special import expit

from explorer.inference.engines import GRAPH_ENGINES
from model_zoo.detector import Detector
from train.errors import BadRun
from train.release.quantization import quantize

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


def says(graph, crops, engine="openvino"):
    return expit(GRAPH_ENGINES[engine](graph)(crops)[0])


def test_every_convolution_is_int8_and_both_engines_say_the_same(detector, crops, tmp_path):
    done = quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    assert (done.steps, done.convolutions) == (0, 3)
    assert done.drift < done.untrained_drift < 0.01  # biases corrected, ranges narrowed
    with torch.inference_mode():
        expected = expit(detector(torch.from_numpy(crops[400:]))[0].numpy())
    for name, engine in GRAPH_ENGINES.items():
        assert np.abs(says(tmp_path / "int8.onnx", crops[400:], name) - expected).mean() < 0.015
        assert engine(tmp_path / "int8.onnx")(crops[400:])[1].shape == (100, 4, 4)


def test_neighbouring_weights_do_not_saturate_and_every_channel_has_a_step(detector, crops, tmp_path):
    quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    graph = onnx.load(tmp_path / "int8.onnx").graph
    held = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kernels = {name: value for name, value in held.items() if value.dtype == np.int8 and value.ndim == 4}
    assert sorted(kernel.shape for kernel in kernels.values()) == [(1, 16, 1, 1), (8, 3, 3, 3), (16, 8, 3, 3)]
    for kernel in kernels.values():  # 255 x w1 + 255 x w2 fits 16 bits, whichever way an engine walks
        for order in (kernel, np.moveaxis(kernel, 1, 3)):
            size = np.abs(order.astype(int)).reshape(len(kernel), -1)
            size = np.pad(size, ((0, 0), (0, size.shape[1] % 2)))
            assert 100 < (size[:, ::2] + size[:, 1::2]).max() <= 128
    assert all(held[name.replace("_quantized", "_scale")].shape == kernel.shape[:1] for name, kernel in kernels.items())
    assert {node.op_type for node in graph.node} >= {"QuantizeLinear", "DequantizeLinear", "Conv"}
    last = next(node for node in graph.node if node.output[0] == "evidence").input[0]
    assert next(node.op_type for node in graph.node if node.output[0] == last) == "Conv"  # nothing rounds the evidence


def test_training_brings_int8_nearer(detector, crops, tmp_path):
    """Weights spoiled by more than int8 does are mended by what the float detector says."""
    quantize(detector, 16, crops[:400], crops[400:], tmp_path / "static.onnx")
    rng = np.random.default_rng(0)
    batches = (torch.from_numpy(crops[rng.integers(0, 400, 32)]) for _ in range(1000))
    done = quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx", batches, 150)
    assert done.steps == 150
    assert done.drift < 0.8 * done.untrained_drift
    static, trained = (onnx.load(tmp_path / f"{name}.onnx").graph for name in ("static", "int8"))
    assert [node.op_type for node in static.node] == [node.op_type for node in trained.node]


def test_too_few_crops_are_refused(detector, crops, tmp_path):
    with pytest.raises(BadRun, match="at least 300 training crops, not 299"):
        quantize(detector, 16, crops[:299], crops[400:], tmp_path / "int8.onnx")


def test_an_int8_graph_that_drifts_far_is_refused(detector, crops, tmp_path, monkeypatch):
    monkeypatch.setattr("train.release.quantization.MAX_DRIFT", 1e-6)
    with pytest.raises(BadRun, match="int8 moves p_fake"):
        quantize(detector, 16, crops[:400], crops[400:], tmp_path / "int8.onnx")
    assert not (tmp_path / "int8.onnx").exists()
