import json

import pytest
import torch

from model_zoo.factory import build
from model_zoo.loading import load
from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from train.release.package import put_into_release

pytestmark = pytest.mark.heavy  # a network is exported


def test_a_released_variant_loads_and_says_the_same(tmp_path):
    torch.manual_seed(0)
    detector = build(VARIANTS["lite0"])
    released = put_into_release(VARIANTS["lite0"], detector, {"why": "a test"}, tmp_path)
    assert read_manifest(tmp_path)["lite0"] == released
    assert (released.params, released.bytes > 6e6) == (3_372_289, True)
    assert 150e6 < released.macs < 250e6  # timm's count at 224 px is about 385 million
    crops = torch.randint(0, 256, (2, 160, 160, 3), dtype=torch.uint8)
    with torch.inference_mode():
        expected, found = detector.eval()(crops)[0], load("lite0", tmp_path).detector(crops)[0]
    assert torch.allclose(expected, found, rtol=1e-2)  # kernels pass through half precision
    config = json.loads((tmp_path / "lite0" / "config.json").read_text())
    assert (config["architecture"], config["num_classes"]) == ("efficientnet_lite0", 1)
    assert config["pretrained_cfg"]["input_size"] == [3, 160, 160]
