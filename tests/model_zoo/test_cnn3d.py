"""The three networks of the journal, layer by layer, on the meta device: nothing is computed, 373 MB are not held."""

import pytest
import torch
from torch import nn

from model_zoo.cnn3d import FACE, FRAMES, FaceTube, build_printed
from model_zoo.factory import build
from model_zoo.variants import VARIANTS

FIGURE_2 = """conv3d_1 13, 360, 640, 3 246
max_pooling3d_1 13, 180, 320, 3 0
conv3d_2 11, 60, 106, 3 246
max_pooling3d_2 11, 30, 53, 3 0
conv3d_3 9, 10, 17, 3 246
max_pooling3d_3 9, 5, 8, 3 0
flatten_1 1080 0
dense_1 20 21620
dense_2 10 210
dense_3 6 66
dense_4 2 14"""
FIGURE_4 = """max_pooling3d_1 15, 270, 480, 3 0
conv3d_1 13, 270, 480, 3 30
conv3d_2 13, 268, 480, 3 30
conv3d_3 13, 90, 160, 3 30
max_pooling3d_2 13, 45, 80, 3 0
conv3d_4 11, 45, 80, 3 30
conv3d_5 11, 43, 80, 3 30
conv3d_6 11, 15, 26, 3 30
max_pooling3d_3 11, 7, 13, 3 0
conv3d_7 9, 7, 13, 3 30
conv3d_8 9, 5, 13, 3 30
conv3d_9 9, 2, 4, 3 30
max_pooling3d_4 9, 1, 2, 3 0
flatten_1 54 0
dense_1 20 1100
dense_2 10 210
dense_3 6 66
dense_4 2 14"""
FIGURE_6 = """conv3d_1 13, 1080, 1920, 10 100
conv3d_2 13, 1078, 1920, 10 310
conv3d_3 13, 1078, 1918, 10 310
max_pooling3d_1 13, 539, 959, 10 0
conv3d_4 11, 539, 959, 10 310
conv3d_5 11, 537, 959, 10 310
conv3d_6 11, 537, 957, 10 310
max_pooling3d_2 11, 268, 478, 10 0
conv3d_7 9, 268, 478, 10 310
conv3d_8 9, 266, 478, 10 310
conv3d_9 9, 266, 476, 10 310
max_pooling3d_3 9, 133, 238, 10 0
conv3d_10 7, 133, 238, 10 310
conv3d_11 7, 131, 238, 10 310
conv3d_12 7, 131, 236, 10 310
max_pooling3d_4 7, 65, 118, 10 0
conv3d_13 5, 65, 118, 10 310
conv3d_14 5, 63, 118, 10 310
conv3d_15 5, 63, 116, 10 310
max_pooling3d_5 5, 31, 58, 10 0
conv3d_16 3, 31, 58, 10 310
conv3d_17 3, 29, 58, 10 310
conv3d_18 3, 29, 56, 10 310
max_pooling3d_6 3, 14, 28, 10 0
conv3d_19 1, 14, 28, 10 310
conv3d_20 1, 12, 28, 10 310
conv3d_21 1, 12, 26, 10 310
max_pooling3d_7 1, 6, 13, 10 0
flatten_1 780 0
dense_1 50 39050
dense_2 25 1275
dense_3 16 416
dense_4 2 34"""
NAMES = {nn.Conv3d: "conv3d", nn.MaxPool3d: "max_pooling3d", nn.Flatten: "flatten", nn.Linear: "dense"}


def as_printed(network: nn.Sequential) -> list[str]:
    """What Keras prints of each layer: its name, the shape of what it gives (channels last), its parameters."""
    lines, counts = [], dict.fromkeys(NAMES, 0)
    maps = torch.empty(1, 3, 15, 1080, 1920, device="meta")
    assert maps.nbytes == 373_248_000
    for layer in network:
        maps = layer(maps)
        if type(layer) in NAMES:
            counts[type(layer)] += 1
            shape = [*maps.shape[2:], maps.shape[1]] if maps.ndim == 5 else list(maps.shape[1:])
            count = sum(parameter.numel() for parameter in layer.parameters())
            lines.append(f"{NAMES[type(layer)]}_{counts[type(layer)]} {', '.join(map(str, shape))} {count}")
    return lines


@pytest.mark.parametrize(
    ("name", "figure", "parameters", "dense"),
    [
        ("cnn3d_first", FIGURE_2, 22_648, nn.Sigmoid),
        ("cnn3d_separated", FIGURE_4, 1_660, nn.Tanh),
        ("cnn3d_large", FIGURE_6, 47_075, nn.Tanh),
    ],
)
def test_every_layer_is_as_printed(name, figure, parameters, dense):
    network = build_printed(name).to("meta")
    assert as_printed(network) == figure.splitlines()
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    layers = list(network)
    after = {type(layers[i + 1]) for i, layer in enumerate(layers) if isinstance(layer, nn.Conv3d)}
    assert after == {nn.ELU}
    assert sum(isinstance(layer, dense) for layer in layers) == 3
    assert isinstance(layers[-1], nn.Softmax)


def test_the_face_s_network_gives_one_logit_and_keeps_time_for_its_map():
    network = FaceTube().eval()
    pixels = torch.rand(2, 3, FRAMES, 112, 112)
    with torch.inference_mode():
        assert network(pixels).shape == (2, 1)
        assert network.forward_features(pixels).shape == (2, 48, 9, 10, 10)
        crops = torch.randint(0, 256, (2, *VARIANTS[FACE].crop_shape), dtype=torch.uint8)
        detector = build(VARIANTS[FACE]).eval()
        logits, evidence = detector(crops)
        assert evidence.shape == (2, 9, 10, 10)
        assert torch.allclose(evidence.mean((1, 2, 3)), logits, atol=1e-5)
        assert torch.allclose(detector.score(crops), logits, atol=1e-4)
