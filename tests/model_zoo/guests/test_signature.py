import pytest
from onnx import TensorProto, helper

from model_zoo.errors import BadGuest
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.guests.signature import Signature, signature_of
from tests.support.guests import SIDE, onnx_graph


@pytest.fixture
def read(tmp_path):
    def read(model, side=SIDE):
        path = tmp_path / "model.onnx"
        path.write_bytes(model.SerializeToString())
        return signature_of(read_onnx(path), side)

    return read


def test_how_a_graph_is_fed_and_read(read):
    usual = Signature("pixel_values", "float32", False, None, "logits", 2, "")
    assert read(onnx_graph([1, -1])) == usual
    assert read(onnx_graph([1], batch=1, float16=True, channels_last=True)) == Signature(
        "pixel_values", "float16", True, 1, "logits", 1, ""
    )
    assert read(onnx_graph([1, -1], activation="Softmax")).activation == "softmax"
    assert read(onnx_graph([1], activation="Sigmoid")).activation == "sigmoid"


def test_a_side_that_the_graph_leaves_open_is_that_of_the_preprocessing(read):
    model = onnx_graph([1.0])
    for axis in (1, 2, 3):  # as Optimum exports: all are names
        model.graph.input[0].type.tensor_type.shape.dim[axis].dim_param = "any"
    assert not read(model, 99).channels_last


def test_what_is_no_image_classifier_says_what_it_takes(read):
    with pytest.raises(BadGuest, match=r"takes int64 numbers \(pixel_values\), not pictures"):
        read(onnx_graph([1.0], kind=TensorProto.INT64))
    with pytest.raises(BadGuest, match=r"takes the shape \(any, 3, 32, 32\), and its preprocessing gives 64 px"):
        read(onnx_graph([1.0]), 64)
    with pytest.raises(BadGuest, match="softmax over one output"):
        read(onnx_graph([1.0], activation="Softmax"))
    two = onnx_graph([1.0])
    two.graph.input.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1]))
    with pytest.raises(BadGuest, match="takes pixel_values, mask; an image classifier takes one input"):
        read(two)
    grey = onnx_graph([1.0])
    grey.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 1
    with pytest.raises(BadGuest, match="of 1 channels"):
        read(grey)
    maps = onnx_graph([1.0])
    maps.graph.output[0].CopyFrom(helper.make_tensor_value_info("maps", TensorProto.FLOAT, [1, 2, 3]))
    with pytest.raises(BadGuest, match=r"gives \(1, 2, 3\), not a row a picture"):
        read(maps)
