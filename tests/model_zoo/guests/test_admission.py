import json
import os
from pathlib import Path

import pytest

from model_zoo.errors import BadGuest, BadWeights
from model_zoo.files import sha256_of
from model_zoo.guest import View
from model_zoo.guests.admission import admit, guest_of, with_guests
from model_zoo.guests.declared import Declared
from model_zoo.guests.fetch import MAX_ABOUT_BYTES
from model_zoo.zoo import Zoo
from tests.support.guests import FAKE_FIRST, beside, onnx_graph, write_onnx_guest

ZOO, MOST = Zoo(Path("somewhere"), "bundled", "0" * 64), 10**6


@pytest.fixture
def folder(tmp_path):
    return write_onnx_guest(tmp_path / "tiny")


def declared(folder: Path, **changes) -> Declared:
    return Declared("tiny", folder=str(folder), **changes)


def test_a_guest_is_what_its_files_say(folder):
    guest = guest_of(declared(folder, margin=1.5), folder, "")
    assert (guest.form, guest.model, guest.params) == ("onnx", "model.onnx", 17)
    assert guest.view == View(1.5, 32, 32, "bilinear")
    assert guest.labels.describe() == "fake: fake (output 1); real: real (output 0)"
    assert guest.sha256 == guest.revision == sha256_of(folder / "model.onnx")
    assert guest.bytes == (folder / "model.onnx").stat().st_size
    assert guest.architecture == "TinyForImageClassification"


def test_pretrained_cfg_does_as_well(folder):
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(BadGuest, match="how it wants its pictures is not known"):
        guest_of(declared(folder), folder, "")
    config = json.loads((folder / "config.json").read_text())
    config["pretrained_cfg"] = {"input_size": [3, 32, 32], "mean": [0.5] * 3, "std": [0.5] * 3, "crop_pct": 1.0}
    (folder / "config.json").write_text(json.dumps(config))
    assert guest_of(declared(folder), folder, "").view == View(1.3, 32, 32, "bicubic")


def test_scores_are_a_guest_without_a_network(tmp_path):
    (tmp_path / "mine.csv").write_text(f"clip_sha256,time_s,p_fake\n{'a' * 64},0,0.5\n")
    guest = guest_of(declared(tmp_path, file="mine.csv", threshold=0.7), tmp_path, "")
    assert (guest.form, guest.view, guest.params, guest.threshold) == ("scores", None, 0, 0.7)


def test_a_file_that_is_not_the_declared_one_is_refused(folder):
    with pytest.raises(BadWeights, match=r"model.onnx: sha256 is .* guests.toml says 000000000000"):
        guest_of(declared(folder, sha256="0" * 64), folder, "")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda folder: (folder / "config.json").write_text("[]"), "config.json holds no settings"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json cannot be read"),
        (lambda folder: (folder / "model.onnx").unlink(), "there is no onnx/model.onnx or model.onnx or"),
        (lambda folder: (folder / "model.onnx").rename(folder / "pytorch_model.bin"), "there is no onnx/model.onnx"),
        (
            lambda folder: write_onnx_guest(folder, {"0": "LABEL_0", "1": "LABEL_1"}),
            "its labels are 'LABEL_0', 'LABEL_1'",
        ),
        (
            lambda folder: (folder / "config.json").write_text('{"label_names": 3}'),
            "its files are not what they should",
        ),
        (lambda folder: (folder / "config.json").write_text("[" * 10**5), "its files are not what they should be"),
        (lambda folder: write_onnx_guest(folder, FAKE_FIRST, onnx_graph([1, 2, 3])), "3 outputs and 2 labels"),
        (lambda folder: write_onnx_guest(folder, graph=onnx_graph([1, 2], domain="x.y")), "code of somebody else's"),
    ],
)
def test_what_cannot_be_trusted_is_one_sentence_and_the_others_run(tmp_path, folder, spoil, why):
    good = write_onnx_guest(tmp_path / "good")
    spoil(folder)
    both = (declared(folder), Declared("good", folder=str(good)))
    [guest], [refused] = admit(both, tmp_path / "cache", MOST)
    assert guest.name == "good"
    assert refused.name == "tiny" and why in refused.why and "\n" not in refused.why


def test_a_guest_that_is_too_large_is_refused_before_it_is_read(folder, monkeypatch):
    monkeypatch.setattr("model_zoo.guests.admission.guest_of", lambda *_: pytest.fail("it was read"))
    _, [refused] = admit((declared(folder),), folder, 100)
    assert "a guest may have 0 MB" in refused.why


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: os.mkfifo(path), "config.json is no file"),
        (lambda path: path.symlink_to("/dev/zero"), "config.json is no file"),
        (lambda path: path.symlink_to(path), "config.json cannot be read"),
        (lambda path: path.write_bytes(b" " * (MAX_ABOUT_BYTES + 1)), "config.json has over 5 MB"),
    ],
)
def test_a_description_that_never_ends_is_refused_before_it_is_read(folder, spoil, why):
    (folder / "config.json").unlink()
    spoil(folder / "config.json")
    _, [refused] = admit((declared(folder),), folder, MOST)
    assert why in refused.why


def test_markup_and_directions_in_labels_are_text(folder):
    write_onnx_guest(folder, {"0": "real <img src=x onerror=alert(1)>", "1": "fake \u202e" + 100 * "x"})
    labels = guest_of(declared(folder), folder, "").labels
    assert labels.describe() == (
        "fake: fake \ufffdxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (output 1); "
        "real: real <img src=x onerror=alert(1)> (output 0)"
    )


def test_a_zoo_has_the_guests_that_are_declared(folder):
    toml = folder.with_name("guests.toml")
    toml.write_text('[[guest]]\nfolder = "tiny"\n')
    assert [guest.name for guest in with_guests(ZOO, str(toml), MOST).guests] == ["tiny"]
    assert with_guests(ZOO, "", MOST, folder / "none.toml") == ZOO


def test_weights_behind_a_link_out_of_the_folder_are_refused(folder, tmp_path):
    write_onnx_guest(folder, graph=beside(onnx_graph([1.0, 2.0]), "weights.bin"))
    with pytest.raises(BadGuest, match=r"weights.bin, where the graph keeps weights, is not in its folder"):
        guest_of(declared(folder), folder, "")
    (tmp_path / "outside").write_bytes(bytes(24))
    (folder / "weights.bin").symlink_to(tmp_path / "outside")
    with pytest.raises(BadGuest, match="is not in its folder"):
        guest_of(declared(folder), folder, "")
    (folder / "weights.bin").unlink()
    (folder / "weights.bin").write_bytes(bytes(24))
    assert guest_of(declared(folder), folder, "").bytes > 24
