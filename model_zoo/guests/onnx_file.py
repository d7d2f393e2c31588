"""An ONNX file read as far as trusting it takes, before any engine sees it."""

import re
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from model_zoo.errors import BadGuest
from model_zoo.guests.protobuf import Fields, encoded, fields_of, floats, integers, messages, texts

# Operators of ONNX itself, and those that ONNX Runtime brings along; any other needs code of somebody else's.
DOMAINS = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft")
FLOAT, UINT8, INT8, FLOAT16 = 1, 2, 3, 10  # onnx.TensorProto's numbers
TYPES = {FLOAT: "float32", UINT8: "uint8", INT8: "int8", 6: "int32", 7: "int64", 9: "bool", FLOAT16: "float16",
         11: "float64", 16: "bfloat16"}  # fmt: skip
_WEIGHTS = (FLOAT, UINT8, INT8, FLOAT16, 11, 16)
_LOCATION = re.compile(r"\w[\w.-]*")


@dataclass(frozen=True)
class Port:
    """An input or output: its name, the kind of its numbers, its shape (None: any)."""

    name: str
    kind: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class Node:
    """An operator with the names of what goes in and comes out."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    whole: dict[str, list[int]] = field(default_factory=dict)  # attributes that are whole numbers
    tensor: "Tensor | None" = None  # a Constant's


@dataclass(frozen=True)
class Tensor:
    """A stored tensor, its numbers still in the file."""

    name: str
    shape: tuple[int, ...]
    kind: int
    fields: Fields = field(repr=False, compare=False)

    def numbers(self, folder: Path) -> np.ndarray | None:
        """Its numbers as float64, of a file in `folder` where they lie beside; None of a kind that is not read here."""
        kinds: dict[int, Any] = {FLOAT: np.dtype("<f4"), FLOAT16: np.dtype("<f2"), 7: np.dtype("<i8")}
        if self.kind not in kinds:
            return None
        kind, count = kinds[self.kind], prod(self.shape)
        if self.fields.get(13):
            entries = _entries(self.fields)
            with open(folder / entries["location"], "rb") as file:
                file.seek(int(entries.get("offset", 0)))
                raw = file.read(count * kind.itemsize)
        else:
            raw = b"".join(bytes(part) for part in messages(self.fields, 9))
        given = np.frombuffer(raw, kind) if raw else np.array(floats(self.fields, 4) or integers(self.fields, 7))
        return given.astype(np.float64).reshape(self.shape) if given.size == count else None


@dataclass(frozen=True)
class OnnxFile:
    """What a graph takes, gives, and is made of; `beside` are the files that hold weights of it."""

    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    nodes: tuple[Node, ...] = field(repr=False)
    tensors: dict[str, Tensor] = field(repr=False)
    beside: tuple[str, ...] = ()

    @property
    def params(self) -> int:
        """How many numbers its weights are."""
        return sum(prod(tensor.shape) for tensor in self.tensors.values() if tensor.kind in _WEIGHTS)

    def maker_of(self, name: str) -> Node | None:
        """The operator that this value comes out of."""
        return next((node for node in self.nodes if name in node.outputs), None)


def read_onnx(path: Path) -> OnnxFile:
    """The graph in a file. Raises BadGuest where it is none, needs operators that no engine here has, or names files
    outside of its own folder."""
    try:
        model = fields_of(memoryview(path.read_bytes()))
        [graph] = messages(model, 7)
        functions = [fields_of(each) for each in messages(model, 25)]
        return _read(path.name, fields_of(graph), functions)
    except OSError as error:
        raise BadGuest(f"{path.name} cannot be read ({error.strerror or error})") from error
    except (ValueError, IndexError, KeyError, RecursionError) as error:
        raise BadGuest(f"{path.name} is no ONNX graph ({' '.join(str(error).split())[:120]})") from error


def with_output(content: bytes, name: str) -> bytes:
    """The ONNX file's content with one more output, the value of this name: protobuf adds what is given twice."""
    return content + encoded(7, encoded(12, encoded(1, name.encode())))


def _read(file: str, graph: Fields, functions: list[Fields]) -> OnnxFile:
    nodes = [fields_of(each) for each in messages(graph, 1)]
    inner = [fields_of(each) for function in functions for each in messages(function, 7)]
    stored: list[Fields] = [fields_of(each) for each in messages(graph, 5)]
    own = {"".join(texts(function, 10)) for function in functions}
    for each in _everything([*nodes, *inner], stored):
        if (domain := "".join(texts(each, 7))) not in (*DOMAINS, *own):
            operator = "".join(texts(each, 4))
            raise BadGuest(f"{file} needs the operator {operator!r} of {domain!r}, which is code of somebody else's")
    tensors = {tensor.name: tensor for tensor in map(_tensor, stored)}
    return OnnxFile(
        tuple(port for port in map(_port, messages(graph, 11)) if port.name not in tensors),
        tuple(map(_port, messages(graph, 12))),
        tuple(map(_node, nodes)),
        tensors,
        tuple(sorted({_location(file, each) for each in stored if each.get(13)})),
    )


def _everything(nodes: list[Fields], stored: list[Fields]) -> list[Fields]:
    """All operators, those of loops and branches, too; the tensors in their attributes are added to `stored`."""
    found = list(nodes)
    for node in nodes:
        for attribute in map(fields_of, messages(node, 5)):
            stored += map(fields_of, (*messages(attribute, 5), *messages(attribute, 10)))
            for graph in map(fields_of, (*messages(attribute, 6), *messages(attribute, 11))):
                stored += map(fields_of, messages(graph, 5))
                found += _everything([fields_of(each) for each in messages(graph, 1)], stored)
    return found


def _entries(tensor: Fields) -> dict[str, str]:
    pairs = map(fields_of, messages(tensor, 13))
    return {"".join(texts(pair, 1)): "".join(texts(pair, 2)) for pair in pairs}


def _location(file: str, tensor: Fields) -> str:
    """The file beside the graph in which the tensor lies. Raises BadGuest for one elsewhere."""
    location = _entries(tensor).get("location", "")
    if not _LOCATION.fullmatch(location):
        raise BadGuest(f"{file} keeps weights in {location!r}, which is no file in its own folder")
    return location


def _tensor(fields: Fields) -> Tensor:
    kind = next(iter(integers(fields, 2)), 0)
    return Tensor("".join(texts(fields, 8)), tuple(integers(fields, 1)), kind, fields)


def _node(fields: Fields) -> Node:
    attributes = [fields_of(each) for each in messages(fields, 5)]
    whole = {"".join(texts(each, 1)): integers(each, 8) + integers(each, 3) for each in attributes}
    tensors = [_tensor(fields_of(part)) for each in attributes for part in messages(each, 5)]
    operator = "".join(texts(fields, 4))
    tensor = tensors[0] if operator == "Constant" and tensors else None
    return Node(operator, tuple(texts(fields, 1)), tuple(texts(fields, 2)), whole, tensor)


def _port(message: memoryview) -> Port:
    fields = fields_of(message)
    types = [fields_of(each) for each in messages(fields, 2)]
    tensors = [fields_of(each) for of in types for each in messages(of, 1)]
    kind = next((number for tensor in tensors for number in integers(tensor, 1)), 0)
    shapes = [fields_of(each) for tensor in tensors for each in messages(tensor, 2)]
    sides = [fields_of(each) for shape in shapes for each in messages(shape, 1)]
    shape = tuple(next(iter(integers(side, 1)), None) for side in sides)
    return Port("".join(texts(fields, 1)), TYPES.get(kind, f"type {kind}"), shape)
