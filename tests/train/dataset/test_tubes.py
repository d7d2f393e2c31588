import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import torch

from train.dataset.crop_set import encoded
from train.dataset.tubes import LENGTH, SIDE, Tube, TubePairs, clips_of, in_h264, made_pair, motion, moved, read_tubes
from train.errors import BadData


def stacked(level: int) -> bytes:
    """A slice whose frames get brighter by 5 grey levels each."""
    levels = np.repeat(np.arange(LENGTH) * 5 + level, SIDE)
    return encoded(np.broadcast_to(levels[:, None, None], (LENGTH * SIDE, SIDE, 3)).astype(np.uint8))


def row(video, label, source, split="train"):
    return {
        "video": video,
        "label": label,
        "source": source,
        "split": split,
        "image": {"bytes": stacked(50), "path": ""},
    }


def test_what_is_held_out_is_neither_trained_on_nor_chosen_by(tmp_path):
    rows = [
        row("a", 0, "guanjz20/guanjz20.github.io"),
        row("b", 1, "rizkiarm/LipNet", "val"),
        row("c", 1, "tanshuai0219/EDTalk"),
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "tubes.parquet")
    slices = read_tubes(tmp_path / "tubes.parquet")
    train, judged = slices.train, slices.judged
    assert ([tube.video for tube in train], [tube.video for tube in judged]) == (["a"], ["b"])
    assert [tube.video for tube in slices.held_out] == ["c"]
    frames = train[0].pixels()
    assert frames.shape == (LENGTH, SIDE, SIDE, 3)
    assert frames.mean((1, 2, 3)) == pytest.approx(np.arange(LENGTH) * 5 + 50, abs=3)


def test_slices_stand_for_the_clip_that_they_were_cut_from():
    tubes = [Tube("a", label, "s", b"", family=family) for label, family in ((0, "real"), (1, "swap"), (0, "real"))]
    clips, places = clips_of(tubes)
    assert [(clip.video, clip.family) for clip in clips] == [("a", "real"), ("a", "swap")]
    assert places.tolist() == [0, 1, 0]


def test_another_file_is_one_sentence(tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"x")
    with pytest.raises(BadData, match="no readable parquet file of slices"):
        read_tubes(tmp_path / "x.parquet")
    with pytest.raises(BadData, match="the slice of v is no 15 crops"):
        Tube("v", 0, "s", encoded(np.zeros((20, 20, 3), np.uint8))).pixels()


def test_a_made_pair_moves_alike_and_only_the_fake_one_flickers():
    images = np.stack([np.full((224, 224, 3), 90, np.uint8), np.full((224, 224, 3), 170, np.uint8)])
    steady, flickering = set(), set()
    for seed in range(12):
        real, fake = made_pair(images, np.random.default_rng(seed))
        assert real.shape == fake.shape == (LENGTH, SIDE, SIDE, 3)
        middles = fake[:, SIDE // 2, SIDE // 2, 0].astype(float)
        (flickering if np.abs(np.diff(middles)).max() > 8 else steady).add(seed)
        assert np.abs(np.diff(real[:, SIDE // 2, SIDE // 2, 0].astype(float))).max() < 8
    assert steady and flickering


def test_motion_is_smooth_and_light_is_as_told():
    places = motion(np.random.default_rng(1))
    assert np.abs(np.diff(places[:, :, 2], axis=0)).max() < 2.5  # pixels from frame to frame
    still = np.tile(np.eye(2, 3), (LENGTH, 1, 1))
    frames = moved([np.full((SIDE, SIDE, 3), 100, np.float32)] * LENGTH, still, np.linspace(1, 1.14, LENGTH))
    assert frames.mean((1, 2, 3)) == pytest.approx(np.arange(100, 115), abs=0.6)


def test_h264_keeps_the_frames_in_order():
    frames = np.stack([np.full((SIDE, SIDE, 3), 40 + 10 * i, np.uint8) for i in range(LENGTH)])
    assert in_h264(frames, 23).mean((1, 2, 3)) == pytest.approx(40 + 10 * np.arange(LENGTH), abs=4)


class Crops:
    """Stands in for MixedPairs."""

    def __getitem__(self, index):
        return torch.full((2, 224, 224, 3), 90, dtype=torch.uint8), torch.tensor([0.0, 1.0])


def test_pairs_are_a_real_and_a_fake_slice_and_the_same_every_time():
    tubes = [Tube("r", 0, "s", stacked(20)), Tube("f", 1, "s", stacked(150))]
    pairs = TubePairs(tubes, Crops(), seed=3)
    drawn = [pairs[0, i] for i in range(6)]
    assert all(crops.shape == (2, LENGTH, SIDE, SIDE, 3) and labels.tolist() == [0, 1] for crops, labels in drawn)
    assert torch.equal(drawn[4][0], pairs[0, 4][0])
    with pytest.raises(BadData, match="one class only"):
        TubePairs(tubes[:1], Crops(), seed=3)
