import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.support.faces import face_crop, landmarks, picture
from train.dataset import crop_set
from train.dataset.crop_set import decoded, encoded, names_in, read_crop_set, write_crop_set, write_twins
from train.errors import BadData

CROPS = [face_crop(f"clip{i}", i % 2, "dfdc", f"clip{i // 2}", i) for i in range(6)]


def test_what_is_written_is_read(tmp_path):
    write_crop_set(CROPS, tmp_path)
    crops = read_crop_set(tmp_path)
    assert crops == CROPS
    assert [crop.image for crop in crops] == [crop.image for crop in CROPS]
    assert np.array_equal(crops[0].landmarks, landmarks())
    assert crops[1].landmarks is None and crops[0].twin is None


def test_shards_stay_small_and_what_was_interrupted_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(crop_set, "SHARD_BYTES", 2 * len(CROPS[0].image))
    whole = write_crop_set(CROPS[:4], tmp_path)
    assert [path.name for path in whole] == ["crops-00.parquet", "crops-01.parquet"]
    (tmp_path / "crops-02.part").write_bytes(b"cut off")
    known = names_in(tmp_path, 64)
    assert known == {crop.name for crop in CROPS[:4]}
    more = write_crop_set([crop for crop in CROPS if crop.name not in known], tmp_path)
    assert [path.name for path in more] == ["crops-02.parquet"]
    assert read_crop_set(tmp_path) == CROPS


def test_a_folder_holds_one_size(tmp_path):
    write_crop_set(CROPS, tmp_path)
    with pytest.raises(BadData, match="holds crops of 64 px, not 48; name another folder"):
        names_in(tmp_path, 48)


def test_twins_lie_beside_their_crops_and_folders_add_up(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    write_crop_set(CROPS[:3], first)
    write_crop_set([dataclasses.replace(crop, name="b" + crop.name) for crop in CROPS[3:]], second)
    twin = picture(9)
    write_twins([CROPS[2].name], [twin], first)
    crops = read_crop_set(first, second)
    assert len(crops) == 6
    with_twin = [crop for crop in crops if crop.twin is not None]
    assert [crop.name for crop in with_twin] == [CROPS[2].name]
    assert np.abs(decoded(with_twin[0].twin).astype(int) - twin).mean() < 8


@pytest.mark.parametrize("damage", ["nothing", "text", "column"])
def test_damage_is_one_sentence_that_names_the_command(tmp_path, damage):
    path = tmp_path / "crops-00.parquet"
    if damage == "text":
        path.write_text("no parquet")
    elif damage == "column":
        parquet.write_table(pa.table({"name": ["x"], "label": [0]}), path)
    with pytest.raises(BadData, match=r"run train/prepare_crops\.py") as raised:
        read_crop_set(tmp_path)
    assert "\n" not in str(raised.value)
    if damage == "column":
        assert "lacks the column family, source, pair, landmarks, image" in str(raised.value)


def test_no_image_is_no_crop():
    with pytest.raises(BadData, match="no readable image"):
        decoded(b"nothing")
    assert decoded(encoded(picture(0))).shape == (64, 64, 3)
