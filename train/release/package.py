"""A finished detector put into the release directory, in the form in which it is served."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from model_zoo.detector import Detector
from model_zoo.files import sha256_of
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest
from model_zoo.pruned import widths_of
from model_zoo.variants import VARIANTS, Variant
from model_zoo.weights import save_weights
from train.release.configs import features_of
from train.release.hub_config import timm_config
from train.release.onnx_export import export_beside


def count_macs(detector: Detector, shape: Sequence[int]) -> int:
    """Multiply-accumulates of one crop of this shape, evidence map included (half of torch's flop count)."""
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        detector.eval()(torch.zeros(1, *shape, dtype=torch.uint8))
    return counter.get_total_flops() // 2


def put_into_release(variant: Variant, detector: Detector, training: dict[str, Any], release: Path) -> Released:
    """Write `<release>/<name>/` and its row of manifest.json; threshold and metrics are added once measured."""
    folder = Path(release) / variant.name
    path = folder / "model.safetensors"
    save_weights(detector.network, path)
    config = timm_config(variant, detector.network.get_classifier().in_features)
    if variant.pruning:
        config["widths"] = widths_of(detector.network.state_dict())
    (folder / "config.json").write_text(json.dumps(config) + "\n", encoding="utf-8")
    export_beside(detector, variant.crop_shape, path)
    released = Released(
        name=variant.name,
        architecture=variant.architecture,
        input_size=variant.input_size,
        weights=f"{variant.name}/{path.name}",
        files=_files(folder, path.name, "model.onnx"),
        bytes=path.stat().st_size,
        params=sum(parameter.numel() for parameter in detector.parameters()),
        macs=count_macs(detector, variant.crop_shape),
        training=training,
    )
    return add_to_manifest(released, release)


def put_graph_into_release(
    variant: Variant, graph: Path, twin: Released, training: dict[str, Any], release: Path
) -> Released:
    """The same for an int8 graph; its float `twin` has as many parameters and multiply-accumulates, and its threshold
    holds, because the same verdicts are what int8 is judged by."""
    path = Path(release) / variant.name / "model.onnx"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(graph, path)
    features = features_of(twin, release) if (Path(release) / twin.weights).exists() else None
    config = timm_config(variant, features) | {"quantized_from": twin.name}
    path.with_name("config.json").write_text(json.dumps(config) + "\n", encoding="utf-8")
    released = replace(
        twin,
        name=variant.name,
        weights=f"{variant.name}/{path.name}",
        files=_files(path.parent, path.name),
        bytes=path.stat().st_size,
        metrics={},
        training=training,
    )
    return add_to_manifest(released, release)


def _files(folder: Path, *names: str) -> dict[str, str]:
    return {f"{folder.name}/{name}": sha256_of(folder / name) for name in ("config.json", *names)}


def add_to_manifest(released: Released, release: Path) -> Released:
    """Add or replace a row of manifest.json; rows stand in the order in which the variants are declared."""
    known = read_manifest(release) if (Path(release) / "manifest.json").exists() else Manifest({})
    rows = known.with_variant(released).variants
    order = [name for name in VARIANTS if name in rows] + [name for name in rows if name not in VARIANTS]
    write_manifest(Manifest({name: rows[name] for name in order}), release)
    return released
