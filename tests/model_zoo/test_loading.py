import shutil

import numpy as np
import pytest
import timm
import torch

from explorer.faces.crops import resize_crop
from explorer.inference.engines import GRAPH_ENGINES
from model_zoo.errors import BadWeights, UnknownVariant
from model_zoo.loading import load
from model_zoo.manifest import RELEASE, Manifest, Released, read_manifest, write_manifest
from model_zoo.variants import BUNDLED_NAMES, VARIANTS

pytestmark = pytest.mark.heavy  # every released network is loaded


def test_every_declared_variant_is_released_and_loads():
    manifest = read_manifest()
    assert tuple(manifest.variants) == BUNDLED_NAMES
    for name in BUNDLED_NAMES:
        variant, loaded = VARIANTS[name], load(name)
        assert loaded.facts.input_size == loaded.variant.input_size
        assert {"auc", "accuracy", "log_loss", "ece", "per_category"} <= set(loaded.facts.metrics["test"])
        if variant.precision == "int8":
            assert loaded.detector is None
            assert loaded.facts.params == manifest[variant.float_name].params
        else:
            assert not loaded.detector.training
            assert loaded.facts.params == sum(parameter.numel() for parameter in loaded.detector.parameters())


def test_pruning_leaves_fewer_parameters_step_by_step():
    manifest = read_manifest()
    slim = [variant for variant in VARIANTS.values() if variant.teacher == "b0" and variant.precision == "float32"]
    params = [manifest[variant.name].params for variant in sorted(slim, key=lambda variant: variant.pruning)]
    assert params[0] == manifest["lite0"].params == 3_372_289
    assert params == sorted(set(params), reverse=True)


@pytest.mark.parametrize("name", [name for name in BUNDLED_NAMES if VARIANTS[name].precision == "float32"])
def test_weights_and_graph_say_the_same(name, random_crops):
    loaded = load(name)
    crops = np.stack([resize_crop(crop, loaded.variant.input_size) for crop in random_crops])
    with torch.inference_mode():
        expected, *evidence = loaded.detector(torch.from_numpy(crops))
    for engine in GRAPH_ENGINES.values():
        logits, graph_evidence = engine(loaded.graph)(crops)
        assert np.abs(logits - expected.numpy()).max() < 2e-3
        assert (graph_evidence.size > 0) == loaded.variant.kind.evidence
        for maps in evidence:
            assert np.abs(graph_evidence - maps.numpy()).max() < 2e-2


@pytest.mark.parametrize("name", ["b0", "lite0", "lite0_kd"])
def test_dense_variants_load_through_plain_timm(name, random_crops):
    loaded = load(name)
    network = timm.create_model(f"local-dir:{RELEASE / name}", pretrained=True).eval()
    settings = timm.data.resolve_data_config({}, model=network)
    assert [*settings["input_size"], *settings["mean"], *settings["std"]] == [3, 160, 160, *[0.5] * 6]
    pixels = torch.from_numpy(random_crops).permute(0, 3, 1, 2) / 127.5 - 1
    with torch.inference_mode():
        expected, logits = loaded.detector(torch.from_numpy(random_crops))[0], network(pixels).squeeze(1)
    assert torch.allclose(logits, expected, atol=1e-3)


@pytest.mark.parametrize("name", ["lite0_kd_p35", "lite0_kd_p35_int8"])
@pytest.mark.parametrize("file", ["model.onnx", "config.json"])
def test_a_changed_file_is_refused(tmp_path, name, file):
    release = tmp_path / "release"
    shutil.copytree(RELEASE, release)
    with open(release / name / file, "ab") as opened:
        opened.write(b"x")
    with pytest.raises(BadWeights, match=rf"{file}: sha256 is"):
        load(name, release)


def test_the_bundled_zoo_stays_small():
    assert sum(path.stat().st_size for path in RELEASE.rglob("*") if path.is_file()) < 60e6


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


def test_what_the_zoo_lacks_or_this_version_does_not_know(tmp_path):
    with pytest.raises(UnknownVariant, match="no variant named 'b9' in this zoo"):
        load("b9")
    files = {"b9/model.onnx": "0" * 64}
    write_manifest(Manifest({"b9": Released("b9", "vgg", 160, "b9/model.onnx", files, 1, 2, 3)}), tmp_path)
    with pytest.raises(UnknownVariant, match="b9 is in the zoo, but this version of the explorer does not know it"):
        load("b9", tmp_path)
