"""Configs of today's form, and weights as they were."""

import json
import shutil
from dataclasses import replace

import pytest

from model_zoo.errors import BadWeights
from model_zoo.files import check_sha256, sha256_of
from model_zoo.manifest import RELEASE, Manifest, read_manifest, write_manifest
from train.release.configs import write_configs

NAMES = ("lite0_kd_p40", "lite0_kd_p40_int8")  # pruned, and int8 of it


@pytest.fixture
def release(tmp_path):
    for name in NAMES:
        shutil.copytree(RELEASE / name, tmp_path / name)
    rows = {name: read_manifest(RELEASE)[name] for name in NAMES}
    write_manifest(Manifest(rows), tmp_path)
    for name in NAMES:  # as a release of long ago wrote them
        path = tmp_path / name / "config.json"
        recorded = json.loads(path.read_text())
        kept = {key: recorded[key] for key in ("architecture", "widths", "quantized_from") if key in recorded}
        path.write_text(json.dumps(kept))
    return tmp_path


def trusted(release):
    """Let the manifest say what lies there."""
    manifest = read_manifest(release)
    for row in manifest.variants.values():
        sums = {path: sha256_of(release / path) for path in row.files}
        manifest = manifest.with_variant(replace(row, files=sums))
    write_manifest(manifest, release)


def test_configs_get_all_keys_and_nothing_else_changes(release):
    trusted(release)
    before = read_manifest(release)
    assert write_configs(release) == list(NAMES)
    after = read_manifest(release)
    widths = json.loads((release / NAMES[0] / "config.json").read_text())["widths"]
    for name in NAMES:
        config = json.loads((release / name / "config.json").read_text())
        assert config["num_features"] == widths["classifier"][1]
        assert config["label_names"] == ["fake"]
        assert config["pretrained_cfg"]["fixed_input_size"] is False
        for path, sha256 in after[name].files.items():
            check_sha256(release / path, sha256)
            assert path.endswith("config.json") or before[name].files[path] == sha256
    assert json.loads((release / NAMES[1] / "config.json").read_text())["quantized_from"] == NAMES[0]
    assert write_configs(release) == []


def test_a_config_that_is_not_the_manifests_is_left_alone(release):
    with pytest.raises(BadWeights, match=r"config\.json: sha256 is"):
        write_configs(release)
