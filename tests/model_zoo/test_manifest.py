import json
from dataclasses import asdict, replace

import pytest

from model_zoo.errors import BadManifest, UnknownVariant
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest

FILES = {"b0/model.safetensors": "0" * 64, "b0/model.onnx": "1" * 64}
ROW = Released("b0", "efficientnet_b0", 160, "b0/model.safetensors", FILES, 10, 20, 30)


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
    ["", "[]", "{", '{"schema_version": 2}', '{"schema_version": 2, "variants": [{"name": "b0", "surprise": 1}]}'],
)
def test_malformed(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(BadManifest, match="malformed"):
        read_manifest(tmp_path)


def test_a_newer_schema_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 4, "variants": []}))
    with pytest.raises(BadManifest, match="schema 4, this version reads 2 and 3"):
        read_manifest(tmp_path)


def test_an_old_release_still_loads(tmp_path):
    row = {key: value for key, value in asdict(ROW).items() if key not in ("uncertain", "scope")}
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 2, "variants": [row]}))
    assert read_manifest(tmp_path)["b0"] == ROW
    assert (ROW.uncertain, ROW.guesses_on) == ([], ())


def test_a_band_that_does_not_hold_the_threshold_is_refused(tmp_path):
    row = asdict(ROW) | {"threshold": 0.7, "uncertain": [0.2, 0.6]}
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 3, "variants": [row]}))
    with pytest.raises(BadManifest, match=r"the uncertain band \[0.2, 0.6\] of b0 does not hold its threshold"):
        read_manifest(tmp_path)


def test_what_a_variant_guesses_on_is_what_was_decided_to_be_no_better_than_chance():
    scope = {name: {"better_than_chance": better} for name, better in (("swap", True), ("lipsync", False), ("x", None))}
    assert replace(ROW, scope=scope).guesses_on == ("lipsync",)


def test_unknown_variant_lists_what_there_is():
    with pytest.raises(UnknownVariant, match="it holds b0"):
        Manifest({"b0": ROW})["b7"]


@pytest.mark.parametrize(
    "path", ["../secrets", "b0/../../secrets", "/etc/passwd", "b0/.hidden", "lite0/model.onnx", "b0/a/b", "b0/c:d"]
)
def test_files_elsewhere_are_refused(tmp_path, path):
    row = asdict(ROW) | {"files": FILES | {path: "2" * 64}}
    (tmp_path / "manifest.json").write_text(json.dumps({"schema_version": 2, "variants": [row]}))
    with pytest.raises(BadManifest, match="is no file name of a variant named 'b0'"):
        read_manifest(tmp_path)


def test_weights_without_a_sha256_are_refused():
    with pytest.raises(ValueError, match=r"b0/model.onnx is not among the files of b0"):
        replace(ROW, files={"b0/model.safetensors": "0" * 64})


def test_what_tells_one_training_from_another():
    assert (ROW.sha256, ROW.graph) == ("0" * 64, "b0/model.onnx")
