import pytest
import torch

import train.import_mesonet as command
from model_zoo.files import sha256_of
from model_zoo.manifest import Manifest, read_manifest, write_manifest
from model_zoo.mesonet import build_mesonet
from tests.train.release.test_keras_weights import write_keras

pytestmark = pytest.mark.heavy  # networks are exported


def test_published_variants_stand_beside_what_the_folder_held(tmp_path, small_release, capsys):
    torch.manual_seed(0)
    before = tuple(read_manifest(small_release).variants)
    for file, architecture in (("Meso4_DF.h5", "meso4"), ("MesoInception_DF.h5", "mesoinception4")):
        write_keras(build_mesonet(architecture), tmp_path / file)
    command.import_all(tmp_path, small_release)
    added = ("meso4", "meso4_df", "mesoinception_df", "cnn3d_face")
    assert tuple(read_manifest(small_release).variants) == (*before, *added)
    assert "meso4_df: 27,977 parameters" in capsys.readouterr().out


def test_ours_need_no_weights_of_others_and_are_whole(tmp_path, small_release):
    command.import_all(None, small_release)
    rows = read_manifest(small_release).variants
    for row in (rows["meso4"], rows["cnn3d_face"]):
        assert row.metrics["test"]["auc"] < 0.7  # why they are not bundled
        assert {path: sha256_of(small_release / path) for path in row.files} == row.files
        assert (small_release / row.name / "README.md").is_file()


def test_an_empty_folder_starts_as_a_copy_of_the_bundled_zoo(tmp_path, monkeypatch):
    source = tmp_path / "bundled"
    source.mkdir()
    write_manifest(Manifest({}), source)
    monkeypatch.setattr(command, "RELEASE", source)
    monkeypatch.setattr(command, "BESIDE", source)
    monkeypatch.setattr(command, "SOURCES", {})
    command.import_all(tmp_path, tmp_path / "zoo")
    assert (tmp_path / "zoo" / "manifest.json").read_bytes() == (source / "manifest.json").read_bytes()
