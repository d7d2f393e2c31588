import numpy as np
import onnx
import pytest
from onnx import helper

from model_zoo.errors import BadGuest
from model_zoo.guests.onnx_file import read_onnx, with_output
from tests.support.guests import SIDE, beside, onnx_graph


@pytest.fixture
def write(tmp_path):
    def write(model: onnx.ModelProto):
        path = tmp_path / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return path

    return write


def test_a_graph_is_read_as_onnx_itself_reads_it(write, tmp_path):
    graph = read_onnx(write(onnx_graph([1.0, -1.0])))
    [port], [output] = graph.inputs, graph.outputs
    assert (port.name, port.kind, port.shape) == ("pixel_values", "float32", (None, 3, SIDE, SIDE))
    assert (output.name, output.shape) == ("logits", (None, 2))
    assert [node.operator for node in graph.nodes] == ["Conv", "GlobalAveragePool", "Flatten", "Gemm"]
    assert graph.params == 9 + 6 + 2
    np.testing.assert_allclose(graph.tensors["matrix"].numbers(tmp_path), [[1 / 3] * 3, [-1 / 3] * 3], rtol=1e-6)


def test_the_value_of_one_more_name_comes_out(write):
    model = onnx.load_from_string(with_output(onnx_graph([1.0]).SerializeToString(), "features"))
    assert [output.name for output in model.graph.output] == ["logits", "features"]
    assert len(model.graph.node) == 4


def test_an_operator_of_somebody_elses_is_refused_wherever_it_hides(write):
    with pytest.raises(BadGuest, match=r"needs the operator 'Conv' of 'com.evil', which is code of somebody else's"):
        read_onnx(write(onnx_graph([1.0], domain="com.evil")))
    inner = helper.make_graph([helper.make_node("Run", [], ["x"], domain="com.evil")], "inner", [], [])
    model = onnx_graph([1.0])
    model.graph.node.append(helper.make_node("If", ["logits"], ["y"], then_branch=inner, else_branch=inner))
    with pytest.raises(BadGuest, match=r"the operator 'Run' of 'com.evil'"):
        read_onnx(write(model))


@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/b", "", "C:\\x", ".hidden"])
def test_weights_outside_of_the_folder_are_refused(write, location):
    with pytest.raises(BadGuest, match="which is no file in its own folder"):
        read_onnx(write(beside(onnx_graph([1.0]), location)))


def test_weights_in_a_file_beside_are_read_from_there(write, tmp_path):
    path = write(beside(onnx_graph([3.0]), "weights.bin"))
    (tmp_path / "weights.bin").write_bytes(np.full(3, 7, np.float32).tobytes())
    graph = read_onnx(path)
    assert graph.beside == ("weights.bin",)
    np.testing.assert_array_equal(graph.tensors["matrix"].numbers(tmp_path), [[7, 7, 7]])


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x80\x04\x95pickle", bytes(100)])
def test_what_is_no_graph_is_refused(tmp_path, content):
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with pytest.raises(BadGuest, match=r"model.onnx is no ONNX graph"):
        read_onnx(path)
    with pytest.raises(BadGuest, match="cannot be read"):
        read_onnx(tmp_path / "none.onnx")
