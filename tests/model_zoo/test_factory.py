import shutil
from dataclasses import replace

import pytest
import torch

from model_zoo.errors import BadWeights, UnknownVariant
from model_zoo.factory import build, load, variant_named
from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.variants import VARIANTS, Variant


@pytest.mark.parametrize(("name", "params"), [("b0", 4_008_829), ("lite0", 3_372_289)])
def test_parameters_are_the_paper_s(name, params):
    assert sum(parameter.numel() for parameter in build(VARIANTS[name]).parameters()) == params


def test_every_declared_variant_is_released_and_loads():
    manifest = read_manifest()
    assert list(manifest.variants) == list(VARIANTS)
    for name, variant in VARIANTS.items():
        loaded = load(name)
        assert loaded.facts.input_size == loaded.variant.input_size
        assert {"auc", "accuracy", "log_loss", "ece", "per_category"} <= set(loaded.facts.metrics["test"])
        if variant.precision == "int8":
            assert loaded.detector is None
            assert loaded.graph.suffix == ".onnx"
            assert loaded.facts.params == manifest[variant.float_name].params
        else:
            assert not loaded.detector.training
            assert loaded.facts.params == sum(parameter.numel() for parameter in loaded.detector.parameters())


def test_pruning_leaves_fewer_parameters_step_by_step():
    manifest = read_manifest()
    params = [manifest[name].params for name, variant in VARIANTS.items() if variant.precision == "float32"][1:]
    assert params[0] == params[1] == 3_372_289
    assert params[1:] == sorted(set(params), reverse=True)


@pytest.mark.parametrize("content", ["", "{}", '{"widths": 3}', '{"widths": {"conv_stem": [8, 3, 3, 3]}}'])
def test_a_pruned_variant_without_its_widths_is_named(tmp_path, content):
    release = tmp_path / "release"
    shutil.copytree(RELEASE, release)
    (release / "lite0_kd_p35" / "config.json").write_text(content)
    with pytest.raises(BadWeights, match=r"lite0_kd_p35/config.json: no usable widths"):
        load("lite0_kd_p35", release)


def test_a_changed_graph_is_refused(tmp_path):
    release = tmp_path / "release"
    shutil.copytree(RELEASE, release)
    with open(release / "lite0_kd_p35_int8" / "model.onnx", "ab") as file:
        file.write(b"x")
    with pytest.raises(BadWeights, match=r"model.onnx: sha256 is"):
        load("lite0_kd_p35_int8", release)


def test_the_bundled_zoo_stays_small():
    assert sum(path.stat().st_size for path in RELEASE.rglob("*") if path.is_file()) < 60e6


def test_unknown_names():
    with pytest.raises(UnknownVariant, match="there are b0, lite0"):
        variant_named("b9")
    with pytest.raises(UnknownVariant, match="no variant named 'b9' in this zoo"):
        load("b9")
    with pytest.raises(UnknownVariant, match="no builder for architecture 'vgg'"):
        build(Variant("x", architecture="vgg", title="x"))


def test_a_corrupt_release_is_never_served_with_random_weights(tmp_path):
    release = tmp_path / "release"
    shutil.copytree(RELEASE, release)
    path = release / read_manifest(release)["lite0"].weights
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadWeights, match="sha256"):
        load("lite0", release)
    path.unlink()
    with pytest.raises(BadWeights, match="cannot be read"):
        load("lite0", release)
    load("b0", release)


def test_normalisation_belongs_to_the_graph():
    variant = replace(VARIANTS["lite0"], mean=0.25, std=0.5)
    pixels = build(variant).normalise(torch.full((1, 2, 2, 3), 255, dtype=torch.uint8))
    assert pixels.shape == (1, 3, 2, 2)
    assert pixels.unique().tolist() == pytest.approx([1.5])  # (1 - 0.25) / 0.5
