import numpy as np

from explorer.face_map.reference import (
    REFERENCE,
    Reference,
    read_reference,
    reference_for,
    why_no_references,
    write_reference,
)
from model_zoo.manifest import read_manifest


def test_what_is_written_is_read(tmp_path):
    features = np.array([[0.0, 1.5], [2.25, 0.0]])
    write_reference(Reference("lite0", "a" * 64, features, np.array([0, 1])), tmp_path / "reference.npz")
    reference = read_reference(tmp_path / "reference.npz")
    assert (reference.variant, reference.sha256) == ("lite0", "a" * 64)
    assert reference.features.dtype == np.float32
    assert np.array_equal(reference.features, features)
    assert reference.labels.tolist() == [0, 1]


def test_other_weights_get_no_reference(tmp_path):
    path = tmp_path / "reference.npz"
    write_reference(Reference("lite0", "a" * 64, np.zeros((2, 2)), np.array([0, 1])), path)
    assert reference_for("a" * 64, path).variant == "lite0"
    assert reference_for("b" * 64, path) is None


def test_why_there_is_none_is_said(tmp_path):
    path = tmp_path / "reference.npz"
    write_reference(Reference("lite0", "a" * 64, np.zeros((2, 2)), np.array([0, 1])), path)
    assert why_no_references("lite0", path) == "other weights than this lite0 made them"
    assert why_no_references("b0", path).startswith("they are features of lite0, and every network")


def test_the_bundled_reference_belongs_to_the_bundled_weights():
    reference = reference_for(read_manifest()["lite0_kd"].sha256)
    assert reference is not None, "run python train/make_reference.py --data ../shared/data/dfdc-faces"
    assert reference.variant == "lite0_kd"
    assert np.bincount(reference.labels).tolist() == [100, 100]
    assert np.isfinite(reference.features).all()


def test_the_bundled_reference_is_small_and_holds_nobody():
    assert REFERENCE.stat().st_size < 600_000
    with np.load(REFERENCE, allow_pickle=False) as stored:
        assert set(stored) == {"variant", "sha256", "features", "labels"}
