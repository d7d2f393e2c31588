import numpy as np
import onnx
import pytest
import torch

from explorer.inference.engines import GRAPH_ENGINES
from tests.train.release.test_quantization import crops, detector  # noqa: F401 (fixtures)
from train.release.qat import QuantizedGraph, _key
from train.release.qdq import trimmed

pytestmark = pytest.mark.heavy  # graphs are quantized and compiled


def test_the_torch_twin_computes_what_the_graph_does_and_writes_it_back(detector, crops, tmp_path):  # noqa: F811
    from onnxruntime.quantization import quant_pre_process

    from train.release.onnx_export import export_graph
    from train.release.quantization import _write_static

    export_graph(detector, (16, 16, 3), tmp_path / "float.onnx")
    quant_pre_process(str(tmp_path / "float.onnx"), str(tmp_path / "prepared.onnx"), skip_symbolic_shape=True)
    _write_static(tmp_path / "prepared.onnx", tmp_path / "static.onnx", crops[:400])
    model = trimmed(onnx.load(tmp_path / "static.onnx"))
    twin = QuantizedGraph(onnx.load(tmp_path / "prepared.onnx"), model)
    onnx.save(twin.write_into(model), tmp_path / "again.onnx")
    with torch.inference_mode():
        logits = twin(torch.from_numpy(crops[400:]))[0].numpy()
    written = GRAPH_ENGINES["onnxruntime"](tmp_path / "again.onnx")(crops[400:])[0]
    assert np.abs(logits - written).max() < 0.03  # a step of an activation, here and there
    twin.correct(2.0, 1.0)
    onnx.save(twin.write_into(model), tmp_path / "corrected.onnx")
    corrected = GRAPH_ENGINES["onnxruntime"](tmp_path / "corrected.onnx")(crops[400:])[0]
    assert np.allclose(corrected, 2 * written + 1, atol=0.02)
    node = next(node for node in twin.nodes if node.op_type == "Conv")
    twin.weights[_key(node.input[1])].data[0] = 0  # a channel that has died keeps its bias
    twin.weight_steps[node.input[1]][0] = 1e-8
    twin.biases[_key(node.input[2])].data[0] = 1.0
    onnx.save(twin.write_into(model), tmp_path / "dead.onnx")
    with torch.inference_mode():
        logits = twin(torch.from_numpy(crops[400:]))[0].numpy()
    assert np.abs(logits - GRAPH_ENGINES["onnxruntime"](tmp_path / "dead.onnx")(crops[400:])[0]).max() < 0.06
