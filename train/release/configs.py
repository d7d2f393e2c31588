"""The config.json of released variants, brought to timm's form of today; their weights stay as they are."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import timm

from model_zoo.files import check_sha256, sha256_of, write_atomically
from model_zoo.guests.safetensors_file import sizes_of
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest
from model_zoo.variants import VARIANTS
from train.release.hub_config import timm_config

CONFIG = "config.json"
KEPT = ("widths", "quantized_from")  # what a config says of its own weights


def config_of(row: Released, manifest: Manifest, release: Path) -> dict[str, Any]:
    """What timm reads of a released variant, and what its config says of a pruned or an int8 one."""
    recorded = json.loads((release / row.name / CONFIG).read_text(encoding="utf-8"))
    twin = row.training.get("quantized_from", "")
    features = features_of(manifest[twin] if twin in manifest.variants else row, release)
    return timm_config(VARIANTS[row.name], features) | {key: recorded[key] for key in KEPT if key in recorded}


def features_of(row: Released, release: Path) -> int | None:
    """The width of what the last layer takes; None of a graph alone."""
    weights = release / row.weights
    if weights.suffix != ".safetensors":
        return None
    known = timm.get_pretrained_cfg(row.architecture)
    return sizes_of(weights).get(f"{known.classifier}.weight") if known else None  # of one output


def write_configs(release: Path) -> list[str]:
    """Write each variant's config.json anew, and its sha256 into manifest.json; gives the names of those that changed.

    Raises BadWeights, with nothing written, where a config is not the one that the manifest says.
    """
    manifest, written = read_manifest(release), {}
    for row in (row for row in manifest.variants.values() if row.name in VARIANTS):
        path = release / row.name / CONFIG
        check_sha256(path, row.files[f"{row.name}/{CONFIG}"])
        text = json.dumps(config_of(row, manifest, release)) + "\n"
        if text != path.read_text(encoding="utf-8"):
            written[row.name] = text
    for name, text in written.items():
        with write_atomically(release / name / CONFIG) as partial:
            partial.write_text(text, encoding="utf-8")
        row = manifest[name]
        sums = row.files | {f"{name}/{CONFIG}": sha256_of(release / name / CONFIG)}
        manifest = manifest.with_variant(replace(row, files=sums))
    write_manifest(manifest, release)
    return list(written)
