import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.guests.onnx_graph import open_graph
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.guests.signature import signature_of
from tests.support.guests import SIDE, beside, onnx_graph


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime"])
@pytest.mark.parametrize("batch", ["batch_size", 1, 2])
def test_outputs_and_features_of_any_number_of_pictures(tmp_path, engine, batch):
    path = tmp_path / "model.onnx"
    path.write_bytes(beside(onnx_graph([3.0], batch=batch), "weights.bin").SerializeToString())
    (tmp_path / "weights.bin").write_bytes(np.ones(3, np.float32).tobytes())
    signature = signature_of(read_onnx(path), SIDE)
    run = open_graph(path, engine, signature, SIDE, "features")
    pictures = np.random.default_rng(0).random((5, 3, SIDE, SIDE), np.float32)
    logits, features = run(pictures)
    np.testing.assert_allclose(logits[:, 0], pictures.mean((2, 3)).sum(1), rtol=1e-4)
    np.testing.assert_allclose(features, pictures, rtol=1e-5)


def test_torch_runs_no_graph(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(onnx_graph([3.0]).SerializeToString())
    with pytest.raises(InvalidRequest, match="a graph that torch does not run"):
        open_graph(path, "torch", signature_of(read_onnx(path), SIDE), SIDE)
