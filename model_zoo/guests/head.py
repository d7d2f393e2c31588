"""Pooling and a linear layer at a graph's end, by which its evidence is known place by place."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from model_zoo.guests.onnx_file import Node, OnnxFile
from model_zoo.guests.signature import ACTIVATIONS, PASSED_THROUGH, Signature


@dataclass(frozen=True)
class Head:
    """logits = mean over places of features (N, C, ...) x `weight` (K, C) + `bias` (K,)."""

    features: str
    weight: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)


def pooled_head(graph: OnnxFile, signature: Signature, folder: Path) -> Head | None:
    """The head of a graph that ends in global average pooling and one linear layer; None of any other."""
    linear = _linear(graph, signature.output, folder)
    if linear is None:
        return None
    pooled, weight, bias = linear
    node = graph.maker_of(_before(graph, pooled, PASSED_THROUGH))
    if node is None or not (node.operator == "GlobalAveragePool" or _is_mean(graph, node, folder)):
        return None
    return Head(node.inputs[0], weight, bias)


def _linear(graph: OnnxFile, output: str, folder: Path) -> tuple[str, np.ndarray, np.ndarray] | None:
    """What goes into the last linear layer, its weight (K, C) and its bias (K,)."""
    node = graph.maker_of(_before(graph, output, (*PASSED_THROUGH, *ACTIVATIONS)))
    if node is None:
        return None
    if node.operator == "Gemm":
        weight, bias = (_numbers(graph, name, folder) for name in (*node.inputs[1:], "")[:2])
        if weight is None or weight.ndim != 2:
            return None
        weight = weight if node.whole.get("transB") == [1] else weight.T
        return node.inputs[0], weight, np.zeros(len(weight)) if bias is None else bias.reshape(-1)
    bias = None
    if node.operator == "Add":
        known = [(name, _numbers(graph, name, folder)) for name in node.inputs]
        biases = [numbers for _, numbers in known if numbers is not None]
        computed = [name for name, numbers in known if numbers is None]
        if len(biases) != 1 or len(computed) != 1:
            return None
        bias, node = biases[0], graph.maker_of(computed[0])
    if node is None or node.operator != "MatMul":
        return None
    weight = _numbers(graph, node.inputs[1], folder)
    if weight is None or weight.ndim != 2:
        return None
    return node.inputs[0], weight.T, np.zeros(weight.shape[1]) if bias is None else bias.reshape(-1)


def _before(graph: OnnxFile, name: str, operators: tuple[str, ...]) -> str:
    """The value before these operators."""
    node = graph.maker_of(name)
    while node is not None and node.operator in operators:
        name = node.inputs[0]
        node = graph.maker_of(name)
    return name


def _is_mean(graph: OnnxFile, node: Node, folder: Path) -> bool:
    """Whether it averages over the two last of four axes."""
    if node.operator != "ReduceMean":
        return False
    axes = node.whole.get("axes")
    if axes is None and len(node.inputs) > 1:
        numbers = _numbers(graph, node.inputs[1], folder)
        axes = None if numbers is None else [int(axis) for axis in numbers.reshape(-1)]
    return sorted(axis % 4 for axis in axes or ()) == [2, 3]


def _numbers(graph: OnnxFile, name: str, folder: Path) -> np.ndarray | None:
    """A stored tensor's, or a constant's; None of what is computed."""
    tensor = graph.tensors.get(name)
    if tensor is None and (node := graph.maker_of(name)) is not None:
        tensor = node.tensor
    return tensor.numbers(folder) if tensor is not None else None
