import pytest
import torch

import train.import_mesonet as command
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
    assert tuple(read_manifest(small_release).variants) == (*before, "meso4_df", "mesoinception_df")
    assert "meso4_df: 27,977 parameters" in capsys.readouterr().out


def test_an_empty_folder_starts_as_a_copy_of_the_bundled_zoo(tmp_path, monkeypatch):
    source = tmp_path / "bundled"
    source.mkdir()
    write_manifest(Manifest({}), source)
    monkeypatch.setattr(command, "RELEASE", source)
    monkeypatch.setattr(command, "SOURCES", {})
    command.import_all(tmp_path, tmp_path / "zoo")
    assert (tmp_path / "zoo" / "manifest.json").read_bytes() == (source / "manifest.json").read_bytes()
