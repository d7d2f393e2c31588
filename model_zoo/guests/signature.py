"""How the graph of an image classifier is fed, and where its opinion comes out."""

from dataclasses import dataclass

from model_zoo.errors import BadGuest
from model_zoo.guests.onnx_file import Node, OnnxFile, Port

ACTIVATIONS = {"Softmax": "softmax", "Sigmoid": "sigmoid"}
PASSED_THROUGH = ("Identity", "Cast", "Dropout", "Flatten", "Reshape", "Squeeze")  # which change no number


@dataclass(frozen=True)
class Signature:
    """`kind` is that of the input's numbers, float32 or float16; `batch` how many pictures it takes at once, None for
    any. `outputs` counts the numbers that come out for one, None where the graph does not say; `activation` is what
    they went through last: "softmax", "sigmoid", or "" for logits."""

    input: str
    kind: str
    channels_last: bool
    batch: int | None
    output: str
    outputs: int | None
    activation: str


def signature_of(graph: OnnxFile, side: int) -> Signature:
    """Of a graph that takes pictures of `side` pixels. Raises BadGuest, saying what it takes instead."""
    if len(graph.inputs) != 1:
        names = ", ".join(port.name for port in graph.inputs) or "nothing"
        raise BadGuest(f"its graph takes {names}; an image classifier takes one input")
    port = graph.inputs[0]
    if port.kind not in ("float32", "float16"):
        raise BadGuest(f"its graph takes {port.kind} numbers ({port.name}), not pictures in float32 or float16")
    if len(port.shape) != 4:
        raise BadGuest(f"its graph takes the shape {_shape(port)}, not pictures (N, 3, S, S)")
    channels_last = port.shape[3] == 3 and port.shape[1] != 3
    sides = port.shape[1:3] if channels_last else port.shape[2:]
    if not channels_last and port.shape[1] not in (3, None):
        raise BadGuest(f"its graph takes pictures of {port.shape[1]} channels, not of three")
    if any(each not in (side, None) for each in sides):
        raise BadGuest(f"its graph takes the shape {_shape(port)}, and its preprocessing gives {side} px")
    output = _output_of(graph)
    activation = _activation(graph, output.name)
    outputs = 1 if len(output.shape) == 1 else output.shape[1]
    if outputs == 1 and activation == "softmax":
        raise BadGuest("its graph ends in a softmax over one output, which is always 1")
    return Signature(port.name, port.kind, channels_last, port.shape[0], output.name, outputs, activation)


def last_operator(graph: OnnxFile, name: str) -> Node | None:
    """The operator that a value comes out of, whatever it was passed through since."""
    node = graph.maker_of(name)
    while node is not None and node.operator in PASSED_THROUGH:
        node = graph.maker_of(node.inputs[0])
    return node


def _output_of(graph: OnnxFile) -> Port:
    """The one called logits, or the first of the right form. Raises BadGuest."""
    fitting = [port for port in graph.outputs if len(port.shape) in (1, 2)]
    for port in fitting:
        if port.name == "logits":
            return port
    if not fitting:
        raise BadGuest(f"its graph gives {', '.join(map(_shape, graph.outputs)) or 'nothing'}, not a row a picture")
    return fitting[0]


def _activation(graph: OnnxFile, name: str) -> str:
    node = last_operator(graph, name)
    return ACTIVATIONS.get(node.operator, "") if node else ""


def _shape(port: Port) -> str:
    return f"({', '.join('any' if side is None else str(side) for side in port.shape)})"
