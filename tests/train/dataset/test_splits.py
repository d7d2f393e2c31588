import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.train.dataset.test_layouts import by_name, touch
from train.dataset.layouts import Clip, celeb_df
from train.dataset.splits import LEFT_OUT, SPLITS, assign_splits, check_no_leak
from train.errors import BadData


def clip(name, label=0, group=None, split=None, original=None):
    return Clip(Path(name), name, label, original or group or name, "real", group or original or name, split)


def families(count, fakes=2):
    """So many groups of one real clip and its fakes."""
    return [clip(f"{n}_{i}", min(i, 1), f"g{n}") for n in range(count) for i in range(fakes + 1)]


def test_shares_and_balance():
    splits = assign_splits(families(100))
    assert [len(splits[split]) for split in SPLITS] == [210, 45, 45]
    assert Counter(found.label for found in splits["test"]) == {0: 15, 1: 30}
    assert all(found.split == split for split, clips in splits.items() for found in clips)
    assert not splits[LEFT_OUT]


def test_uneven_groups_are_balanced():
    clips = [clip(f"{n}_{i}", min(i, 1), f"g{n}") for n in range(40) for i in range(2 + n % 13)]
    splits = assign_splits(clips)
    for label in (0, 1):
        total = sum(found.label == label for found in clips)
        for split, share in zip(SPLITS, (0.70, 0.15, 0.15), strict=True):
            assert sum(found.label == label for found in splits[split]) / total == pytest.approx(share, abs=0.03)


def test_groups_stay_whole():
    splits = assign_splits(families(30, fakes=5))
    where = {(found.group, split) for split in SPLITS for found in splits[split]}
    assert len(where) == 30


def test_deterministic_by_seed_whatever_the_order():
    clips = families(20)
    shuffled = random.Random(1).sample(clips, len(clips))
    assert assign_splits(clips, seed=3) == assign_splits(shuffled, seed=3)
    assert assign_splits(clips, seed=3) != assign_splits(clips, seed=4)


def test_official_splits_win():
    clips = families(6)
    official = {"g0": "train", "g1": "validation", "g2": "test", "g3": "test"}
    splits = assign_splits(replace(found, split=official.get(found.group)) for found in clips)
    assert {found.group for found in splits["test"]} == {"g2", "g3"}
    assert {found.group for found in splits["validation"]} == {"g1"}
    assert {found.group for found in splits["train"]} == {"g0", "g4", "g5"}  # none of their own: to train


def test_an_official_test_split_is_not_added_to():
    clips = [*families(20), clip("t", 0, split="test"), clip("u", 1, split="test")]
    splits = assign_splits(clips)
    assert [found.name for found in splits["test"]] == ["t", "u"]
    assert len(splits["train"]) + len(splits["validation"]) == 60
    assert 9 <= len(splits["validation"]) <= 12  # 0.15 of 0.85


def test_what_shares_an_original_with_an_official_clip_is_left_out():
    clips = [*families(9), clip("t", 0, split="test"), clip("fake of t", 1, split="test", original="t")]
    splits = assign_splits([*clips, clip("another fake of t", 1, original="t")])
    assert [found.name for found in splits[LEFT_OUT]] == ["another fake of t"]


def test_celeb_df_by_clip_from_the_test_list_and_by_people_otherwise(tmp_path):
    for n in range(0, 20, 2):  # ten pairs of people, two clips of each first one
        touch(tmp_path, f"Celeb-real/id{n}_0000.mp4", f"Celeb-real/id{n}_0001.mp4", f"Celeb-real/id{n + 1}_0000.mp4")
        touch(tmp_path, f"Celeb-synthesis/id{n}_id{n + 1}_0000.mp4", f"Celeb-synthesis/id{n}_id{n + 1}_0001.mp4")
    touch(tmp_path, "YouTube-real/00170.mp4")
    (tmp_path / "List_of_testing_videos.txt").write_text(
        "1 Celeb-real/id0_0001.mp4\n0 Celeb-synthesis/id2_id3_0001.mp4"
    )
    splits = assign_splits(celeb_df(tmp_path))
    assert set(by_name(splits["test"])) == {"Celeb-real/id0_0001", "Celeb-synthesis/id2_id3_0001"}
    assert set(by_name(splits[LEFT_OUT])) == {"Celeb-synthesis/id0_id1_0001", "Celeb-real/id2_0001"}
    assert not {found.group for found in splits["train"]} & {found.group for found in splits["validation"]}
    where = {found.name: split for split in ("train", "validation") for found in splits[split]}
    assert where["Celeb-real/id5_0000"] == where["Celeb-synthesis/id4_id5_0000"] == where["Celeb-real/id4_0001"]


def test_a_leak_is_named():
    pair = [clip("a", 0, "g", "train"), clip("b", 1, "g", "test")]
    with pytest.raises(BadData, match="a is in train and b in test, but both have the group g"):
        check_no_leak(pair)
    with pytest.raises(BadData, match="a is in train and b in test"):
        assign_splits([*families(10), *pair])
    check_no_leak([replace(found, split="test") for found in pair])


def test_a_split_that_would_lack_a_class():
    with pytest.raises(BadData, match=r"the validation split would have no real and no fake clips \(0 real, 0 fake\)"):
        assign_splits(families(1))
