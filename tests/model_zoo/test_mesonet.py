import pytest
import torch

from model_zoo.architectures import ARCHITECTURES
from model_zoo.factory import build
from model_zoo.mesonet import MESONETS
from model_zoo.variants import VARIANTS


@pytest.mark.parametrize(("name", "count"), [("meso4_df", 27_977), ("mesoinception_df", 28_615)])
def test_parameters_are_the_paper_s(name, count):
    network = build(VARIANTS[name]).network
    assert sum(parameter.numel() for parameter in network.parameters()) == count


@pytest.mark.parametrize("name", MESONETS)
def test_every_layer_that_grad_cam_may_look_at_is_there(name):
    variant = next(variant for variant in VARIANTS.values() if variant.architecture == name)
    detector = build(variant)
    shapes = {}
    for layer, path in ARCHITECTURES[name].layers.items():
        hook = detector.network.get_submodule(path).register_forward_hook
        hook(lambda _, __, maps, layer=layer: shapes.update({layer: tuple(maps.shape[2:])}))
    with torch.inference_mode():
        (logits,) = detector.eval()(torch.zeros(2, *variant.crop_shape, dtype=torch.uint8))
    assert logits.shape == (2,)
    assert shapes == {"pooled": (32, 32), "blocks.3": (64, 64), "blocks.2": (128, 128)}


def test_an_output_that_speaks_for_real_is_turned():
    detector = build(VARIANTS["meso4_df"]).eval()
    crops = torch.randint(0, 256, (2, 256, 256, 3), dtype=torch.uint8)
    with torch.inference_mode():
        for_real = detector.network(crops.permute(0, 3, 1, 2) / 255).squeeze(1)
        assert torch.allclose(detector(crops)[0], -for_real, atol=1e-5)
