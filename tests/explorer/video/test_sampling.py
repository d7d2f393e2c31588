import numpy as np
import pytest

from explorer.structures import ClipInfo
from explorer.video.sampling import sample_indices, unseen

TIMES = np.arange(10) / 10


def test_the_frames_nearest_to_the_middles_of_equal_parts():
    assert sample_indices(TIMES, 1.0, 5).tolist() == [1, 3, 5, 7, 9]
    assert sample_indices(TIMES, 1.0, 10).tolist() == sample_indices(TIMES, 1.0, 99).tolist() == list(range(10))


def test_where_frames_lie_unevenly_as_many_are_looked_at():
    times = np.append(np.arange(9) / 10, 8.0)  # the middles of four parts of 9 s lie at 1.1, 3.4, 5.6 and 7.9 s
    assert sample_indices(times, 9.0, 4).tolist() == [2, 6, 8, 9]  # nearest: 8 and 9; added evenly: 2 and 6
    still = np.array([0.0, 0.04, 0.08])
    assert sample_indices(still, 10.0, 2).tolist() == [1, 2]


def clip(times: np.ndarray, end_s: float) -> ClipInfo:
    return ClipInfo("clip.ogv", end_s, 64, 48, 10.0, 0.0, times, times[:1])


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (TIMES, []),
        (TIMES[:4], ["not looked at: 0.30 to 1.00 s of clip.ogv; 4 of 10 frames could be read"]),
        (TIMES[6:], ["not looked at: 0.00 to 0.60 s of clip.ogv; 4 of 10 frames could be read"]),
        (np.delete(TIMES, [3, 4, 7]), ["not looked at: 0.20 to 0.50 s, 0.60 to 0.80 s of clip.ogv; 7 of 10"]),
        (TIMES[:1], ["not looked at: 0.00 to 1.00 s of clip.ogv; 1 of 10"]),
        (TIMES[::2], ["not looked at: 0.00 to 0.20 s, 0.20 to 0.40 s, 0.40 to 0.60 s, 2 more stretches of clip.ogv"]),
    ],
)
def test_what_was_not_looked_at_is_said(seen, words):
    sentences = unseen(clip(TIMES, 1.0), TIMES, seen)
    assert len(sentences) == len(words)
    assert all(sentence.startswith(start) for sentence, start in zip(sentences, words, strict=True))


def test_a_frame_a_little_later_will_do():
    assert unseen(clip(TIMES, 1.0), TIMES[::3], np.add(TIMES[::3], [0, 0.1, 0, 0.05])) == []
