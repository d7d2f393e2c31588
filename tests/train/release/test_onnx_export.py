import numpy as np
import onnx
import pytest
import torch

from explorer.inference.engines import GRAPH_ENGINES
from model_zoo.weights import save_weights
from train.release.onnx_export import export_beside, export_graph

pytestmark = pytest.mark.heavy  # networks are exported


def test_a_graph_reads_its_weights_from_the_file_beside_it(tiny_detector, tmp_path):
    weights = tmp_path / "model.safetensors"
    torch.nn.init.normal_(tiny_detector.network.bn2[0].running_mean)  # the batch norm is not folded in the file
    save_weights(tiny_detector.network, weights)
    graph = export_beside(tiny_detector, (32, 32, 3), weights)
    tensors = {tensor.name: tensor for tensor in onnx.load(graph, load_external_data=False).graph.initializer}
    assert graph == tmp_path / "model.onnx"
    assert all(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in tensors.values())
    assert tensors["network.conv.weight.half"].data_type == onnx.TensorProto.FLOAT16
    stored = {key: value.float() for key, value in tiny_detector.network.state_dict().items()}
    tiny_detector.network.load_state_dict({key: value.half().float() for key, value in stored.items()})
    tiny_detector.network.bn2.load_state_dict(
        {key.removeprefix("bn2."): value for key, value in stored.items() if key.startswith("bn2.")}
    )
    crops = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    with torch.inference_mode():
        expected = tiny_detector(torch.from_numpy(crops))[0].numpy()
    for engine in GRAPH_ENGINES.values():
        assert np.abs(engine(graph)(crops)[0] - expected).max() < 1e-3


def test_a_graph_that_holds_its_own_weights(tiny_detector, tmp_path):
    graph = onnx.load(export_graph(tiny_detector, (32, 32, 3), tmp_path / "tiny.onnx")).graph
    assert not any(tensor.external_data for tensor in graph.initializer)
    assert [node.op_type for node in graph.node].count("BatchNormalization") == 0  # folded into the convolution
