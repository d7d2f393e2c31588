"""A graph's int8 twin, settled and trained to say what the float one says."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional

from model_zoo.detector import Detector
from train.errors import BadRun
from train.release.qdq import initializers
from train.release.weight_steps import WEIGHTS, weight_step

ACTIVATIONS = (0, 255)  # uint8, per tensor
NARROWER = (1.0, 0.9, 0.8, 0.7, 0.6)  # shares of a calibrated range, of which the best is taken
MAX_UNITS = 2**30  # of a bias in int32
RANGED = 16  # crops that choose it
LEARNING_RATE = 0.0005  # of a weight, in steps of its channel; of a bias a fiftieth, in units of activations


class QuantizedGraph(nn.Module):
    """The torch twin of a QDQ graph that onnxruntime's static quantization wrote, with weights and biases to train.

    `prepared` is the float graph it was made from: convolutions, clips and additions. Every convolution's weights and
    every activation that the QDQ graph quantizes are rounded as int8 will; gradients pass straight through. Weights are
    held in steps of their channel: with batch norms folded, their sizes differ a thousandfold, and one rate fits none.
    """

    def __init__(self, prepared: onnx.ModelProto, quantized: onnx.ModelProto):
        super().__init__()
        self.nodes = list(prepared.graph.node)
        self.floats = initializers(prepared)
        ranges = initializers(quantized)
        self.weights, self.biases = nn.ParameterDict(), nn.ParameterDict()  # weights in steps of their channel
        self.weight_steps: dict[str, torch.Tensor] = {}
        self.steps: dict[str, torch.Tensor] = {}
        self.zero_points: dict[str, int] = {}
        self.pixels = next(node.output[0] for node in self.nodes if node.op_type == "Div")
        self._corrections: dict[str, torch.Tensor] = {}
        for node in self.nodes:
            if node.op_type == "Conv":
                weight, bias = node.input[1:3]
                step = weight_step(torch.tensor(self.floats[weight]))
                self.weight_steps[weight] = step
                self.weights[_key(weight)] = nn.Parameter(torch.tensor(self.floats[weight]) / _by_channel(step))
                self.biases[_key(bias)] = nn.Parameter(torch.tensor(self.floats[bias]))
            elif node.op_type not in _KNOWN:
                raise BadRun(f"no quantization-aware training for the operator {node.op_type} ({node.name})")
            if node.op_type == "Sub":
                self.grey = float(self.floats[node.input[1]])
            for name in node.output:
                if f"{name}_scale" in ranges:
                    self.steps[name] = torch.tensor(ranges[f"{name}_scale"])
                    self.zero_points[name] = int(ranges[f"{name}_zero_point"])

    def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(N, S, S, 3) uint8 -> logits (N,) and evidence (N, h, w), as the int8 graph gives them."""
        values = {"crops": crops}
        for node in self.nodes:
            values[node.output[0]] = self._rounded(node.output[0], self._output(node, values))
        return values["logits"], values["evidence"]

    @torch.no_grad()
    def settle(self, crops: torch.Tensor) -> None:
        """Correct every convolution's bias by what rounding adds to its channels' means on crops (N, S, S, 3) uint8
        (Nagel et al., ICCV 2019, section 4.2), and narrow every activation's range where that rounds it better."""
        exact, rounded = {"crops": crops}, {"crops": crops}
        last_use = {name: place for place, node in enumerate(self.nodes) for name in node.input}
        for place, node in enumerate(self.nodes):
            name = node.output[0]
            exact[name] = self._output(node, exact, rounding=False)
            rounded[name] = self._output(node, rounded)
            if node.op_type == "Conv":
                excess = (rounded[name] - exact[name]).mean((0, 2, 3))
                rounded[name] = rounded[name] - excess[:, None, None]
                self._corrections[node.input[2]] = -excess
            if name in self.steps and name != self.pixels:
                self.steps[name] = self._best_step(name, exact[name][:RANGED])
            rounded[name] = self._rounded(name, rounded[name])
            for spent in [known for known in exact if last_use.get(known) == place]:
                del exact[spent], rounded[spent]  # all of them at once would take gigabytes
        for bias, correction in self._corrections.items():
            self.biases[_key(bias)].add_(correction)
        self.correct(*_affine(rounded["logits"], exact["logits"]))

    def _best_step(self, name: str, exact: torch.Tensor) -> torch.Tensor:
        steps = [self.steps[name] * share for share in NARROWER]
        errors = [float((self._in_steps(name, exact, step) - exact).square().mean()) for step in steps]
        return steps[int(np.argmin(errors))]

    def _output(self, node: onnx.NodeProto, values: dict[str, torch.Tensor], rounding: bool = True) -> torch.Tensor:
        """What a node makes of its inputs, not yet rounded; with `rounding`, its weights are."""
        given = [values.get(name, name) for name in node.input]
        if node.op_type == "Conv":
            return self._convolved(node, values[node.input[0]], rounding)
        if node.op_type == "Clip" and rounding and node.output[0] in self.steps:
            return values[node.input[0]]  # its range ends where the clip does
        constants = [torch.tensor(self.floats[name]) if isinstance(name, str) else name for name in given]
        return _KNOWN[node.op_type](node, *constants)

    def _convolved(self, node: onnx.NodeProto, given: torch.Tensor, rounding: bool) -> torch.Tensor:
        weight, bias = node.input[1:3]
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        kernel = self.weights[_key(weight)]
        if rounding:
            kernel = round_straight_through(kernel, torch.ones(()), *WEIGHTS)
        kernel = kernel * _by_channel(self.weight_steps[weight])
        pads = attributes.get("pads", [0, 0, 0, 0])[:2]
        return functional.conv2d(
            given, kernel, self.biases[_key(bias)], attributes["strides"], pads, 1, attributes["group"]
        )

    def _rounded(self, name: str, made: torch.Tensor) -> torch.Tensor:
        if name == self.pixels:  # they are not rounded, but counted from a whole level
            return made + self.steps[name] * (self.grey - self.zero_points[name])
        return self._in_steps(name, made, self.steps[name]) if name in self.steps else made

    def _in_steps(self, name: str, made: torch.Tensor, step: torch.Tensor) -> torch.Tensor:
        zero = self.zero_points[name]
        return round_straight_through(made, step, ACTIVATIONS[0] - zero, ACTIVATIONS[1] - zero)

    @torch.no_grad()
    def write_into(self, quantized: onnx.ModelProto) -> onnx.ModelProto:
        """The QDQ graph with what was trained in place: same nodes, other weights, biases and ranges."""
        made = {f"{name}_scale": step.numpy() for name, step in self.steps.items()}
        for node in self.nodes:
            if node.op_type != "Conv":
                continue
            source, weight, bias = node.input[:3]
            # A channel of hardly any weights still has its bias, of which int32 must be able to count the units.
            least = self.biases[_key(bias)].abs() / self.steps[source] / MAX_UNITS
            step = torch.maximum(self.weight_steps[weight], least)
            kernel = self.weights[_key(weight)] * _by_channel(self.weight_steps[weight] / step)
            made[f"{weight}_quantized"] = kernel.round().clamp(*WEIGHTS).numpy().astype(np.int8)
            made[f"{weight}_scale"] = step.numpy()
            unit = self.steps[source] * step
            made[f"{bias}_quantized"] = (self.biases[_key(bias)] / unit).round().numpy().astype(np.int32)
            made[f"{bias}_quantized_scale"] = unit.numpy()
        written = onnx.ModelProto()
        written.CopyFrom(quantized)
        for tensor in written.graph.initializer:
            if tensor.name in made:
                shaped = made[tensor.name].reshape(tuple(tensor.dims))
                tensor.CopyFrom(numpy_helper.from_array(shaped.copy(), tensor.name))
        return written

    @torch.no_grad()
    def correct(self, slope: float, shift: float) -> None:
        """Make every logit slope x logit + shift, in the last layer: its integers stay, their unit changes."""
        weight, bias = [node for node in self.nodes if node.op_type == "Conv"][-1].input[1:3]
        self.weight_steps[weight] = self.weight_steps[weight] * slope
        self.biases[_key(bias)].mul_(slope).add_(shift)


class _StraightThrough(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: torch.Tensor, step: torch.Tensor, low: int, high: int) -> torch.Tensor:
        scaled = x / step
        context.save_for_backward((scaled >= low) & (scaled <= high))
        return scaled.round_().clamp_(low, high).mul_(step)

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple:
        return gradients[0] * context.saved_tensors[0], None, None, None


def round_straight_through(x: torch.Tensor, step: torch.Tensor, low: int, high: int) -> torch.Tensor:
    """x in whole steps between `low` and `high` of them; torch's own fake quantization is several times slower here."""
    return _StraightThrough.apply(x, step, low, high)


@dataclass(frozen=True)
class Trained:
    """How the twin came near: steps, mean |logit - float's logit| of the first and last tenth, and the correction."""

    steps: int
    first: float
    last: float
    slope: float
    shift: float


def train_quantized(
    graph: QuantizedGraph, twin: Detector, batches: Iterable[torch.Tensor], steps: int, rate: float = LEARNING_RATE
) -> Trained:
    """Train the graph on crops (N, S, S, 3) uint8 to give the float twin's logits and evidence. Raises BadRun."""
    twin.eval()
    rates = [rate, rate / 50]
    optimizer = torch.optim.Adam([{"params": of.parameters()} for of in (graph.weights, graph.biases)], lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rates, total_steps=steps, pct_start=0.1)
    off: list[float] = []
    ours: list[torch.Tensor] = []
    theirs: list[torch.Tensor] = []
    for _, crops in zip(range(steps), batches, strict=False):  # batches may end sooner
        with torch.no_grad():
            logits, evidence = twin(crops)
        own, own_evidence = graph(crops)
        loss = functional.smooth_l1_loss(own, logits) + 0.1 * functional.smooth_l1_loss(own_evidence, evidence)
        if not torch.isfinite(loss):
            raise BadRun(f"the loss is {float(loss)} at step {len(off)} of quantization-aware training; lower the rate")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        off.append(float((own.detach() - logits).abs().mean()))
        ours, theirs = [*ours[-steps // 5 :], own.detach()], [*theirs[-steps // 5 :], logits]
    slope, shift = _affine(torch.cat(ours), torch.cat(theirs))
    graph.correct(slope, shift)
    tenth = max(len(off) // 10, 1)
    return Trained(len(off), float(np.mean(off[:tenth])), float(np.mean(off[-tenth:])), slope, shift)


def _affine(ours: torch.Tensor, theirs: torch.Tensor) -> tuple[float, float]:
    """Slope and shift of the least-squares line from ours (N,) to theirs (N,)."""
    centred = ours - ours.mean()
    slope = float((centred * (theirs - theirs.mean())).sum() / centred.square().sum().clamp_min(1e-6))
    return slope, float(theirs.mean() - slope * ours.mean())


def _clipped(_: onnx.NodeProto, given: torch.Tensor, low: torch.Tensor, high: torch.Tensor) -> torch.Tensor:
    return given.clamp(float(low), float(high))


def _mean(_: onnx.NodeProto, given: torch.Tensor, *__: torch.Tensor) -> torch.Tensor:
    return given.mean((1, 2))


_KNOWN: dict[str, Callable[..., torch.Tensor]] = {
    "Clip": _clipped,
    "Add": lambda _, first, second: first + second,
    "Transpose": lambda _, given: given.permute(0, 3, 1, 2),
    "Cast": lambda _, given: given.float(),
    "Sub": lambda _, first, second: first - second,
    "Div": lambda _, first, second: first / second,
    "Squeeze": lambda _, given, *axes: given.squeeze(1),
    "ReduceMean": _mean,
}


def _by_channel(step: torch.Tensor) -> torch.Tensor:
    return step[:, None, None, None]


def _key(name: str) -> str:
    """A tensor's name as a parameter's, which may hold no dot."""
    return name.replace(".", "|")
