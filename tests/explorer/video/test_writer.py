"""Clips that are written are whole, or not there."""

import numpy as np
import pytest

from explorer.video.reader import probe
from explorer.video.writer import ClipWriter

GREY = np.full((48, 64, 3), 128, np.uint8)


def written(path, times, **settings) -> bytes:
    with ClipWriter(path, 25, **settings) as clip:
        for i, time_s in enumerate(times):
            clip.add(time_s, GREY + np.uint8(i))
    return path.read_bytes()


def test_frames_keep_their_size_and_times(tmp_path):
    written(tmp_path / "a.mp4", [0.0, 0.04, 0.5])
    info = probe(tmp_path / "a.mp4")
    assert (info.width, info.height) == (64, 48)
    assert info.frame_times == pytest.approx([0.0, 0.04, 0.5])


def test_by_one_thread_the_same_images_are_the_same_bytes(tmp_path):
    times = [i / 25 for i in range(30)]
    assert written(tmp_path / "a.mp4", times, threads=1) == written(tmp_path / "b.mp4", times, threads=1)


def test_a_block_that_is_left_early_leaves_no_file(tmp_path):
    with pytest.raises(KeyError), ClipWriter(tmp_path / "a.mp4", 25) as clip:
        clip.add(0.0, GREY)
        raise KeyError
    assert not (tmp_path / "a.mp4").exists()
