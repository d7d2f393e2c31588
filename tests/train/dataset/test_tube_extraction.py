from dataclasses import replace

import numpy as np
import pytest

from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere
from train.dataset.layouts import LAYOUTS, Clip
from train.dataset.tube_extraction import slices_of, write_tubes
from train.dataset.tubes import LENGTH, SIDE, read_tubes

pytestmark = pytest.mark.heavy  # clips are decoded


def clip_of(tmp_path, label: int, frames: int, split: str = "train") -> Clip:
    path = grey_ramp(tmp_path / f"{label}{frames}{split}.mp4", [i / 25 for i in range(frames)])
    return Clip(path, path.stem, label, path.stem, "swap" if label else "real", path.stem, split)


def test_a_real_clip_gives_more_slices_than_a_fake_one_and_none_overlap(tmp_path):
    real, fake = (list(slices_of(clip_of(tmp_path, label, 110), everywhere)) for label in (0, 1))
    assert (len(real), len(fake)) == (7, 5)
    crops, start_s, fps, _ = real[1]
    assert crops.shape == (LENGTH, SIDE, SIDE, 3)
    assert (start_s, fps) == (pytest.approx(15 / 25), pytest.approx(25))
    assert list(slices_of(clip_of(tmp_path, 0, 14), everywhere)) == []


def test_what_is_written_is_what_training_reads(tmp_path):
    clips = [clip_of(tmp_path, 0, 40), clip_of(tmp_path, 1, 40, "validation"), clip_of(tmp_path, 1, 30, "test")]
    broken = replace(clips[0], path=tmp_path / "none.mp4")
    counts = write_tubes([*clips, broken], "celeb-df", tmp_path / "tubes.parquet", everywhere)
    assert counts == {"slices": 6, "without a face": 0, "unreadable clips": 1}
    slices = read_tubes(tmp_path / "tubes.parquet")
    assert [len(of) for of in (slices.train, slices.judged, slices.held_out)] == [2, 2, 2]
    levels = slices.train[0].pixels().mean((1, 2, 3))
    assert np.all(np.diff(levels) > 0)  # the ramp goes on from frame to frame
    assert write_tubes(clips[:1], "celeb-df", tmp_path / "none.parquet", nowhere)["without a face"] == 2


@pytest.mark.parametrize("layout", LAYOUTS)
def test_slices_of_every_layout_are_in_a_group(layout, tmp_path):
    write_tubes([clip_of(tmp_path, 0, 20)], layout, tmp_path / "tubes.parquet", everywhere)
    assert len(read_tubes(tmp_path / "tubes.parquet").train) == 1
