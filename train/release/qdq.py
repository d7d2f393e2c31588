"""QDQ graphs as onnxruntime's static quantization writes them."""

import numpy as np
import onnx
from onnx import numpy_helper


def trimmed(quantized: onnx.ModelProto) -> onnx.ModelProto:
    """The QDQ graph without two roundings that nothing needs, in place.

    At its end the evidence leaves the last convolution in float; at its start pixels are integers already. Normalised
    and rounded anew, they lie half-way between two steps, and every other grey level is lost; as they are, they lack
    half a level, which a bias mends.
    """
    graph = quantized.graph
    made_by = {name: node for node in graph.node for name in node.output}
    spent = []
    squeeze = next(node for node in graph.node if node.output[0] == "evidence")
    if (last := made_by[squeeze.input[0]]).op_type == "DequantizeLinear":
        spent += [last, rounding := made_by[last.input[0]]]
        squeeze.input[0] = rounding.input[0]
    divided = next(node for node in graph.node if node.op_type == "Div")
    rounding = next(
        node for node in graph.node if node.op_type == "QuantizeLinear" and node.input[0] == divided.output[0]
    )
    shifted = made_by[divided.input[0]]
    cast = made_by[shifted.input[0]]
    next(node for node in graph.node if node.input[0] == rounding.output[0]).input[0] = cast.input[0]
    spent += [cast, shifted, divided, rounding]
    known = initializers(quantized)
    level = np.float32(1 / known[divided.input[1]])
    middle = np.uint8(known[shifted.input[1]])  # 127 of 127.5
    for tensor in graph.initializer:
        for name, value in zip(rounding.input[1:], (level, middle), strict=True):
            if tensor.name == name:
                tensor.CopyFrom(numpy_helper.from_array(np.array(value), name))
    for node in spent:
        graph.node.remove(node)
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return quantized


def initializers(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """A graph's constants by name."""
    return {tensor.name: numpy_helper.to_array(tensor).copy() for tensor in model.graph.initializer}
