"""Tiny classifiers in the forms in which guests come, made here: brighter faces are the faker ones."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 32  # pixels
SLOPE = 4.0  # logits from black to white, half of them below 0 (softmax of two: twice that)
PREPROCESSOR = {
    "do_resize": True, "size": {"height": SIDE, "width": SIDE}, "resample": 2, "do_rescale": True,
    "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3,
}  # fmt: skip
FAKE_FIRST, REAL_FIRST = {"0": "Deepfake", "1": "Real"}, {"0": "real", "1": "fake"}


def fake_weights(id2label: Mapping[str, str]) -> list[float]:
    """What brightness adds to each output, by its label; of a single one to that."""
    return [SLOPE / 2 if "fake" in name.lower() else -SLOPE / 2 for name in id2label.values()]


def onnx_graph(
    weights: Sequence[float],
    *,
    batch: int | str = "batch_size",
    float16: bool = False,
    channels_last: bool = False,
    pooled: bool = True,
    activation: str = "",
    domain: str = "",
    kind: int | None = None,
) -> onnx.ModelProto:
    """One 1x1 convolution to three features, pooling, and a linear layer that takes their mean times `weights`."""
    given = TensorProto.FLOAT16 if float16 else TensorProto.FLOAT
    number = kind or given
    dtype = np.float16 if float16 else np.float32
    shape = [batch, SIDE, SIDE, 3] if channels_last else [batch, 3, SIDE, SIDE]
    matrix = np.repeat(np.array(weights, dtype)[:, None], 3, axis=1) / 3  # (K, 3)
    constants = {
        "kernel": np.eye(3, dtype=dtype)[:, :, None, None],
        "matrix": matrix,
        "bias": np.zeros(len(weights), dtype),
    }
    nodes = [helper.make_node("Transpose", ["pixel_values"], ["pictures"], perm=[0, 3, 1, 2])] if channels_last else []
    first = "pictures" if channels_last else "pixel_values"
    nodes += [helper.make_node("Conv", [first, "kernel"], ["features"])]
    if pooled:
        nodes += [helper.make_node("GlobalAveragePool", ["features"], ["pooled"])]
    else:  # what is not linear in the places
        nodes += [helper.make_node("GlobalMaxPool", ["features"], ["pooled"])]
    nodes += [helper.make_node("Flatten", ["pooled"], ["flat"])]
    last = "values" if activation else "logits"
    nodes += [helper.make_node("Gemm", ["flat", "matrix", "bias"], [last], transB=1)]
    nodes += [helper.make_node(activation, [last], ["logits"])] if activation else []
    if domain:
        nodes[0].domain = domain
    graph = helper.make_graph(
        nodes, "tiny",
        [helper.make_tensor_value_info("pixel_values", number, shape)],
        [helper.make_tensor_value_info("logits", given, [batch, len(weights)])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )  # fmt: skip
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def write_onnx_guest(
    folder: Path, id2label: Mapping[str, str] = REAL_FIRST, graph: onnx.ModelProto | None = None, **config: object
) -> Path:
    """A repository's files: config, preprocessor, graph."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"id2label": dict(id2label), "architectures": ["TinyForImageClassification"]} | config
    (folder / "config.json").write_text(json.dumps(settings))
    (folder / "preprocessor_config.json").write_text(json.dumps(PREPROCESSOR))
    (folder / "model.onnx").write_bytes((graph or onnx_graph(fake_weights(id2label))).SerializeToString())
    return folder


def write_timm_guest(folder: Path, architecture: str = "test_efficientnet", **arguments: object) -> Path:
    """A repository's files as timm pushes them: config and safetensors, random weights, fake first."""
    import timm
    from safetensors.torch import save_file
    from torch import manual_seed

    manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    network = timm.create_model(architecture, num_classes=2, **arguments)
    save_file(network.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})
    given = {"input_size": [3, SIDE, SIDE], "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"}
    config = {"architecture": architecture, "num_classes": 2, "label_names": ["fake", "real"], "pretrained_cfg": given}
    (folder / "config.json").write_text(json.dumps(config | ({"model_args": arguments} if arguments else {})))
    return folder


def beside(model: onnx.ModelProto, location: str) -> onnx.ModelProto:
    """The same, whose matrix lies in a file of this name."""
    tensor = next(each for each in model.graph.initializer if each.name == "matrix")
    shape = numpy_helper.to_array(tensor).shape
    tensor.CopyFrom(
        TensorProto(name="matrix", dims=shape, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    )
    tensor.external_data.add(key="location", value=location)
    return model


def levels() -> np.ndarray:
    """(3, SIDE, SIDE, 3) uint8: black, grey, white."""
    return np.stack([np.full((SIDE, SIDE, 3), level, np.uint8) for level in (0, 128, 255)])
