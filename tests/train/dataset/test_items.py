import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.support.fakes import crop
from train.dataset.items import BadData, Item, read_face_parquet, read_portraits


def write(folder, labels, image=None):
    rows = [
        {"video": f"v{i}", "label": label, "original": "v0", "image": {"bytes": image or crop(9, i), "path": None}}
        for i, label in enumerate(labels)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "train.parquet")


def test_items(tmp_path):
    write(tmp_path, [0, 1, 1])
    items = read_face_parquet(tmp_path, "train")
    assert items[1:] == [Item(f"v{i}", 1, "v0", crop(9, i), category="fake") for i in (1, 2)]
    assert items[0].pixels().shape == (32, 32, 3)


def test_categories_are_read_where_there_are_some(tmp_path):
    rows = [
        {"video": name, "label": label, "original": "a", "image": {"bytes": crop(9, 0)}, "category": category}
        for name, label, category in (("a", 0, "youtube"), ("b", 1, "FaceSwap"))
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "train.parquet")
    assert [item.category for item in read_face_parquet(tmp_path, "train")] == ["youtube", "FaceSwap"]


def test_portraits(tmp_path):
    rows = [{"name": "a", "landmarks": list(range(10)), "image": {"bytes": crop(9, 0), "path": None}}]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "p.parquet")
    (portrait,) = read_portraits(tmp_path / "p.parquet")
    assert portrait.landmarks.tolist() == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]


def test_one_class_only(tmp_path):
    write(tmp_path, [1, 1])
    with pytest.raises(BadData, match=r"holds the labels \[1\]"):
        read_face_parquet(tmp_path, "train")


def test_missing_corrupt_and_foreign_files(tmp_path):
    with pytest.raises(BadData, match="does not exist"):
        read_face_parquet(tmp_path, "train")
    (tmp_path / "train.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(BadData, match="no readable face-parquet"):
        read_face_parquet(tmp_path, "train")
    parquet.write_table(pa.table({"other": [1]}), tmp_path / "train.parquet")
    with pytest.raises(BadData, match="no readable face-parquet"):
        read_face_parquet(tmp_path, "train")


def test_a_corrupt_image_is_named():
    with pytest.raises(BadData, match="the crop of v7"):
        Item("v7", 0, "v7", b"no image").pixels()


def test_landmarks_do_not_make_items_differ():
    assert Item("a", 0, "a", b"", np.zeros((5, 2))) == Item("a", 0, "a", b"")
