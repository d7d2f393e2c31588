"""A trained network put into the release directory."""

import json
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from model_zoo.detector import Detector
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest
from model_zoo.variants import Variant
from model_zoo.weights import save_weights


def count_macs(detector: Detector, size: int) -> int:
    """Multiply-accumulates of one crop, evidence map included (half of torch's flop count)."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        detector.eval()(torch.zeros(1, size, size, 3, dtype=torch.uint8))
    return counter.get_total_flops() // 2


def timm_config(variant: Variant) -> dict[str, object]:
    """config.json in the form that timm writes to the Hub."""
    size = variant.input_size
    pretrained = {"input_size": [3, size, size], "mean": [variant.mean] * 3, "std": [variant.std] * 3, "num_classes": 1}
    return {"architecture": variant.architecture, "num_classes": 1, "pretrained_cfg": pretrained}


def put_into_release(variant: Variant, detector: Detector, training: dict[str, object], release: Path) -> Released:
    """Write `<release>/<name>/` and its row of manifest.json; metrics are evaluate.py's to add."""
    folder = Path(release) / variant.name
    path = folder / "model.safetensors"
    sha256 = save_weights(detector.network, path)
    (folder / "config.json").write_text(json.dumps(timm_config(variant), indent=2) + "\n", encoding="utf-8")
    released = Released(
        name=variant.name,
        architecture=variant.architecture,
        input_size=variant.input_size,
        weights=f"{variant.name}/{path.name}",
        sha256=sha256,
        bytes=path.stat().st_size,
        params=sum(parameter.numel() for parameter in detector.parameters()),
        macs=count_macs(detector, variant.input_size),
        training=training,
    )
    known = read_manifest(release) if (Path(release) / "manifest.json").exists() else Manifest({})
    write_manifest(known.with_variant(released), release)
    return released
