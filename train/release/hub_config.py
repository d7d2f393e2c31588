"""config.json of a variant in the form that timm writes to the Hub and reads from there."""

from typing import Any

import timm

from model_zoo.variants import Variant

LABELS = ("fake",)  # of the one output


def timm_config(variant: Variant, features: int | None = None) -> dict[str, Any]:
    """All keys that timm's own have; `features` is the width of what the last layer takes, where that is known."""
    known = timm.get_pretrained_cfg(variant.architecture)
    size = variant.input_size
    pretrained = {
        "custom_load": False,
        "input_size": [3, size, size],
        "fixed_input_size": False,
        "interpolation": "bicubic",
        "crop_pct": 1.0,
        "crop_mode": "center",
        "mean": [variant.mean] * 3,
        "std": [variant.std] * 3,
        "num_classes": 1,
        "first_conv": known.first_conv if known else None,
        "classifier": known.classifier if known else None,
    }
    config = {"architecture": variant.architecture, "num_classes": 1, "num_features": features, "global_pool": "avg"}
    told = {key: value for key, value in config.items() if value is not None}
    return told | {"label_names": list(LABELS), "pretrained_cfg": pretrained}
