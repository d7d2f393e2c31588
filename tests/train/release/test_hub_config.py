from dataclasses import replace

import timm

from model_zoo.variants import VARIANTS
from train.release.hub_config import timm_config


def test_all_keys_that_timm_writes_are_there():
    config = timm_config(VARIANTS["lite0_kd"], 1280)
    pretrained = config.pop("pretrained_cfg")
    assert config == {
        "architecture": "efficientnet_lite0", "num_classes": 1, "num_features": 1280, "global_pool": "avg",
        "label_names": ["fake"],
    }  # fmt: skip
    assert (pretrained["input_size"], pretrained["fixed_input_size"]) == ([3, 160, 160], False)
    assert (pretrained["mean"], pretrained["crop_pct"], pretrained["custom_load"]) == ([0.5] * 3, 1.0, False)
    known = timm.get_pretrained_cfg("efficientnet_lite0")
    assert (pretrained["first_conv"], pretrained["classifier"]) == (known.first_conv, known.classifier)


def test_what_is_not_known_is_left_out():
    config = timm_config(replace(VARIANTS["lite0"], architecture="unheard_of"))
    assert "num_features" not in config and config["pretrained_cfg"]["classifier"] is None
