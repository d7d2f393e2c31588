from dataclasses import replace
from pathlib import Path

from model_zoo.guest import Guest, View
from model_zoo.guests.measured import measured_folder, open_record, row_of
from model_zoo.manifest import read_manifest, write_manifest

GUEST = Guest("tiny", "user/tiny", "c" * 40, "onnx", Path("f"), "model.onnx", "d" * 64, 9, 8, View(1.3, 32, 32))


def test_what_was_measured_is_that_of_this_file_and_margin(tmp_path):
    assert row_of(GUEST, tmp_path).metrics == {}
    folder = open_record(GUEST, tmp_path)
    manifest = read_manifest(folder)
    write_manifest(manifest.with_variant(replace(manifest["tiny"], metrics={"test": {"auc": 0.75}})), folder)
    assert row_of(replace(GUEST, name="renamed"), tmp_path).metrics == {"test": {"auc": 0.75}}
    assert row_of(replace(GUEST, view=View(1.6, 32, 32)), tmp_path).metrics == {}
    assert row_of(replace(GUEST, sha256="e" * 64), tmp_path).metrics == {}
    open_record(GUEST, tmp_path)
    assert row_of(GUEST, tmp_path).metrics == {"test": {"auc": 0.75}}


def test_a_record_that_is_none_is_no_record(tmp_path):
    (open_record(GUEST, tmp_path) / "manifest.json").write_text("{")
    assert row_of(GUEST, tmp_path).metrics == {} and measured_folder(GUEST, tmp_path).is_dir()


def test_the_row_has_no_macs(tmp_path):
    row = row_of(GUEST, tmp_path)
    assert (row.macs, row.params, row.bytes, row.input_size, row.architecture) == (0, 8, 9, 32, "onnx")
