import numpy as np
import pytest

from model_zoo.errors import BadGuest
from model_zoo.guests.scores_file import ClipScores, read_scores

CLIP, OTHER = "a" * 64, "B" * 64


def write(path, *rows, head="clip_sha256,time_s,p_fake"):
    path.write_text("\n".join((head, *rows)) + "\n")
    return path


def test_scores_are_read_by_clip_in_the_order_of_time(tmp_path):
    scores = read_scores(write(tmp_path / "s.csv", f"{CLIP},1.0,0.75", f"{CLIP},0,0.5", f"{OTHER},2,1"))
    assert sorted(scores) == [CLIP, OTHER.lower()]
    assert scores[CLIP].times.tolist() == [0, 1] and scores[CLIP].p_fake.tolist() == [0.5, 0.75]


def test_a_face_takes_the_nearest_row():
    scores = ClipScores(np.array([0.0, 1.0, 2.0]), np.array([0.1, 0.2, 0.3]))
    assert scores.at(np.array([0.0, 0.4, 0.6, 1.5, 2.4])).tolist() == [0.1, 0.1, 0.2, 0.2, 0.3]
    assert ClipScores(np.array([1.0]), np.array([0.9])).at(np.array([0.8, 1.2])).tolist() == [0.9, 0.9]
    assert scores.at(np.empty(0)).tolist() == []
    with pytest.raises(BadGuest, match=r"no row within 0.5 s of 4.00 s"):
        scores.at(np.array([1.0, 4.0]))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"{CLIP},1,1.5", "line 2: p_fake is 1.5"),
        (f"{CLIP},1,nan", "line 2: p_fake is nan"),
        (f"{CLIP},x,0.5", "'x' and '0.5' are no numbers"),
        (f"{CLIP},1", "are no numbers"),
        ("clip.mp4,1,0.5", "'clip.mp4' is no sha256"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, row, why):
    with pytest.raises(BadGuest, match=why):
        read_scores(write(tmp_path / "s.csv", row))


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(BadGuest, match="no column p_fake; it needs clip_sha256, time_s, p_fake"):
        read_scores(write(tmp_path / "s.csv", head="clip_sha256,time_s"))
    with pytest.raises(BadGuest, match="holds no scores"):
        read_scores(write(tmp_path / "s.csv"))
    with pytest.raises(BadGuest, match="cannot be read"):
        read_scores(tmp_path / "none.csv")
