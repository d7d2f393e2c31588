import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from model_zoo.guests.head import pooled_head
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.guests.signature import signature_of
from tests.support.guests import SIDE, onnx_graph


@pytest.fixture
def head_of(tmp_path):
    def head_of(model: onnx.ModelProto):
        path = tmp_path / "model.onnx"
        path.write_bytes(model.SerializeToString())
        graph = read_onnx(path)
        return pooled_head(graph, signature_of(graph, SIDE), tmp_path)

    return head_of


def test_pooling_and_a_linear_layer_are_found(head_of):
    for model in (onnx_graph([3.0, -3.0]), onnx_graph([3.0, -3.0], activation="Softmax", float16=True)):
        head = head_of(model)
        assert head.features == "features"
        np.testing.assert_allclose(head.weight, [[1] * 3, [-1] * 3], rtol=1e-3)
        np.testing.assert_array_equal(head.bias, [0, 0])


def test_a_mean_over_both_axes_and_a_product_with_a_sum_are_the_same(head_of):
    model = onnx_graph([3.0])
    conv = model.graph.node[0]
    for node in list(model.graph.node)[1:]:
        model.graph.node.remove(node)
    model.graph.initializer.append(numpy_helper.from_array(np.array([-1, 2], np.int64), "axes"))
    model.graph.initializer.append(numpy_helper.from_array(np.full((3, 1), 2, np.float32), "column"))
    model.opset_import[0].version = 18
    model.graph.node.extend([
        helper.make_node("ReduceMean", [conv.output[0], "axes"], ["pooled"], keepdims=0),
        helper.make_node("MatMul", ["pooled", "column"], ["product"]),
        helper.make_node("Add", ["bias", "product"], ["logits"]),
    ])  # fmt: skip
    head = head_of(model)
    assert head.features == "features" and head.weight.tolist() == [[2, 2, 2]] and head.bias.tolist() == [0]


def test_any_other_end_has_no_head(head_of):
    assert head_of(onnx_graph([1.0], pooled=False)) is None
    between = onnx_graph([1.0])
    between.graph.node[2].op_type = "Tanh"
    assert head_of(between) is None
