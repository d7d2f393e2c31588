"""Files told apart by their sha256, and written whole or not at all."""

import pytest

from model_zoo.errors import BadWeights
from model_zoo.files import check_sha256, sha256_of, write_atomically

OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, example 1


@pytest.fixture
def file(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"abc")
    return tmp_path / "model.onnx"


def test_the_sha256_of_a_file(file):
    assert sha256_of(file) == OF_ABC


def test_the_right_file_passes_and_so_does_any_where_none_is_named(file):
    check_sha256(file, OF_ABC)
    check_sha256(file, None)


def test_another_file_is_named_with_both_sums(file):
    with pytest.raises(BadWeights, match=r"model\.onnx: sha256 is ba7816bf8f01\.\.\., the manifest says 000000000000"):
        check_sha256(file, "0" * 64)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadWeights, match=r"gone\.onnx: cannot be read \(No such file or directory\)"):
        check_sha256(tmp_path / "gone.onnx", None)


def test_a_file_takes_the_place_of_the_old_one_in_one_step(file):
    with write_atomically(file) as partial:
        partial.write_bytes(b"new")
        assert file.read_bytes() == b"abc"
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_that_was_not_finished_leaves_the_old_one(file):
    with pytest.raises(OSError, match="disk full"), write_atomically(file) as partial:
        partial.write_bytes(b"ne")
        raise OSError("disk full")
    assert file.read_bytes() == b"abc"
    assert list(file.parent.iterdir()) == [file]
