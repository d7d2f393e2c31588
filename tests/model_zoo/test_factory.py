import shutil
from dataclasses import replace

import pytest
import torch

from model_zoo.errors import BadWeights, UnknownVariant
from model_zoo.factory import build, restore, variant_named
from model_zoo.manifest import RELEASE
from model_zoo.variants import VARIANTS, Variant


@pytest.mark.parametrize(("name", "params"), [("b0", 4_008_829), ("lite0", 3_372_289)])
def test_parameters_are_the_paper_s(name, params):
    assert sum(parameter.numel() for parameter in build(VARIANTS[name]).parameters()) == params


def test_unknown_names():
    with pytest.raises(UnknownVariant, match="there are b0, lite0"):
        variant_named("b9")
    with pytest.raises(UnknownVariant, match="no builder for architecture 'vgg'"):
        build(Variant("x", architecture="vgg", title="x"))


def test_normalisation_belongs_to_the_graph():
    variant = replace(VARIANTS["lite0"], mean=0.25, std=0.5)
    pixels = build(variant).normalise(torch.full((1, 2, 2, 3), 255, dtype=torch.uint8))
    assert pixels.shape == (1, 3, 2, 2)
    assert pixels.unique().tolist() == pytest.approx([1.5])  # (1 - 0.25) / 0.5


@pytest.mark.parametrize("content", ["", "{}", '{"widths": 3}', '{"widths": {"conv_stem": [8, 3, 3, 3]}}'])
def test_a_pruned_variant_without_its_widths_is_named(tmp_path, content):
    shutil.copytree(RELEASE / "lite0_kd_p35", tmp_path / "lite0_kd_p35")
    (tmp_path / "lite0_kd_p35" / "config.json").write_text(content)
    with pytest.raises(BadWeights, match=r"lite0_kd_p35/config.json: no usable widths"):
        restore(VARIANTS["lite0_kd_p35"], tmp_path / "lite0_kd_p35" / "model.safetensors", None)
