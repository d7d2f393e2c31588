import json

import pytest

from model_zoo.errors import BadManifest, UnknownVariant
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest

ROW = Released("b0", "efficientnet_b0", 160, "b0/model.safetensors", "0" * 64, 10, 20, 30)


def test_round_trip(tmp_path):
    manifest = Manifest({}).with_variant(ROW)
    write_manifest(manifest, tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_missing(tmp_path):
    with pytest.raises(BadManifest, match="cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"schema_version": 1}', '{"schema_version": 1, "variants": [{"name": "b0", "surprise": 1}]}'],
)
def test_malformed(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(BadManifest, match="malformed"):
        read_manifest(tmp_path)


def test_a_newer_schema_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 2, "variants": []}))
    with pytest.raises(BadManifest, match="schema 2, this version reads 1"):
        read_manifest(tmp_path)


def test_unknown_variant_lists_what_there_is():
    with pytest.raises(UnknownVariant, match="it holds b0"):
        Manifest({"b0": ROW})["b7"]
