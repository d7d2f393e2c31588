import cv2
import numpy as np
import pytest

from explorer.errors import UnknownOption
from explorer.heatmaps.gradcam import gradient_maps
from explorer.heatmaps.overlay import METHODS
from explorer.inference.runners import open_runner
from model_zoo.variants import VARIANTS

pytestmark = pytest.mark.heavy  # gradients through every released network


def textures(count: int = 16) -> np.ndarray:
    """(count, 160, 160, 3) uint8: random colours, from a few large blotches to fine grain."""
    rng = np.random.default_rng(0)
    sides = np.geomspace(3, 160, count).astype(int)
    return np.stack([cv2.resize(rng.integers(0, 256, (side, side, 3), np.uint8), (160, 160)) for side in sides])


def test_evidence_is_grad_cam_on_the_pooled_activation(released):
    for name in (name for name in released if VARIANTS[name].gives_features and VARIANTS[name].precision == "float32"):
        runner = open_runner(name, "torch")
        crops = textures()
        bias = runner.detector().network.get_classifier().bias.item()
        positive = np.maximum(runner.run(crops)[1] - bias, 0)  # Grad-CAM knows no bias, and keeps what speaks for fake
        telling = positive.max((1, 2)) > 0.1
        assert telling.sum() >= 4, "too few crops have evidence for fake to compare anything"
        for evidence, heatmap in zip(
            positive[telling], gradient_maps(runner.detector(), crops[telling], "gradcam"), strict=True
        ):
            scaled = (evidence - evidence.min()) / (evidence.max() - evidence.min())
            expected = cv2.resize(scaled, (160, 160))
            expected = (expected - expected.min()) / (expected.max() - expected.min())
            assert np.abs(heatmap - expected).max() < 1e-3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("layer", ["pooled", "blocks.3"])
def test_methods_and_layers(released, method, layer):
    runner = open_runner(released[0], "torch")
    crops = textures()
    most = np.argsort(runner.run(crops)[1].max((1, 2)))[-2:]  # Grad-CAM shows nothing where nothing speaks for fake
    maps = gradient_maps(runner.detector(), crops[most], method, layer)
    assert maps.shape == (2, 160, 160)
    assert maps.min() >= 0
    assert maps.max() <= 1
    assert maps.std() > 0


def test_the_detector_is_given_back(released, random_crops):
    detector = open_runner(released[0], "torch").detector()
    gradient_maps(detector, random_crops[:1], "gradcam")
    assert not detector.training
    assert all(parameter.grad is None for parameter in detector.parameters())
    assert not any(module._forward_hooks for module in detector.modules())


def test_the_detector_is_given_back_after_a_failure(tiny_detector, random_crops):
    tiny_detector.train()
    with pytest.raises(AttributeError):
        gradient_maps(tiny_detector, random_crops[:1], "gradcam", "blocks.3")  # it has no such stage
    with pytest.raises(ValueError):
        gradient_maps(tiny_detector, random_crops[:1, 0], "gradcam")  # not a crop
    assert tiny_detector.training


def test_unknown_method_and_layer(tiny_detector, random_crops):
    with pytest.raises(UnknownOption, match="no heatmap method"):
        gradient_maps(tiny_detector, random_crops, "xray")
    with pytest.raises(UnknownOption, match="no layer"):
        gradient_maps(tiny_detector, random_crops, "gradcam", "blocks.99")
