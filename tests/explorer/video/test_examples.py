import numpy as np
import pytest

from explorer.video import examples
from explorer.video.examples import FACE_AXES, FACE_CENTRE, example_clips
from explorer.video.reader import probe


@pytest.mark.heavy
def test_both_clips_are_made_once(tmp_path):
    clips = example_clips(tmp_path)
    stamps = [path.stat().st_mtime_ns for path in clips.values()]
    assert [path.stat().st_mtime_ns for path in example_clips(tmp_path).values()] == stamps
    for path in clips.values():
        info = probe(path)
        assert (info.width, info.height, round(info.duration_s)) == (480, 480, 4)


def test_the_forgery_is_confined_to_the_face():
    portrait = examples._portrait()
    change = np.abs(examples._forged(portrait, 1.0).astype(int) - portrait).max(-1)
    y, x = np.mgrid[: portrait.shape[0], : portrait.shape[1]]
    inside = ((x - FACE_CENTRE[0]) / FACE_AXES[0]) ** 2 + ((y - FACE_CENTRE[1]) / FACE_AXES[1]) ** 2
    assert change[inside < 0.8].mean() > 4
    assert change[inside > 2.5].max() == 0  # beyond the soft edge nothing moves
