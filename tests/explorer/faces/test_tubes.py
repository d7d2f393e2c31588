from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.faces.tubes import cut_tubes, read_tubes, slice_starts
from explorer.structures import Frame
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere
from tests.support.reports import face


@pytest.mark.parametrize(
    ("frame_count", "frames", "starts"),
    [(100, 8, [18, 68]), (100, 32, [18, 68]), (100, 60, [5, 30, 55, 80]), (15, 32, [0]), (16, 32, [0, 1])],
)
def test_slices_are_evenly_spread(frame_count, frames, starts):
    assert slice_starts(frame_count, 15, frames).tolist() == starts


def moving(shift: float) -> list[Frame]:
    """Fifteen frames of a bright square of 40 px that moves right by `shift` a frame, on black."""
    frames = []
    for i in range(15):
        image = np.zeros((100, 200, 3), np.uint8)
        image[30:70, round(20 + shift * i) : round(60 + shift * i)] = 255
        frames.append(Frame(i / 25, image))
    return frames


def bright(images):
    """A finder of the bright square."""
    found = []
    for image in images:
        rows, columns = np.nonzero(image[..., 0])
        found.append(np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32))
    return found


def test_a_face_is_followed_on_a_line_between_the_frames_in_which_it_was_found():
    (tube,) = cut_tubes(moving(3.0), [face()], bright, 32)
    assert (tube.person, tube.from_s, tube.to_s) == (1, 0.0, 14 / 25)
    assert tube.crops.shape == (15, 32, 32, 3)
    assert tube.crops[:, 12:20, 12:20].min() == 255  # the square stays in the middle of the crop


def test_each_is_the_person_that_the_sampled_frames_know():
    left, right = (
        replace(face(person=who), box=np.array([x, 30, x + 40, 70], np.float32)) for who, x in ((1, 20), (2, 140))
    )
    both = [Frame(frame.time_s, np.maximum(frame.image, frame.image[:, ::-1])) for frame in moving(0.0)]

    def two(images):
        return [np.array([[140, 30, 180, 70], [20, 30, 60, 70]], np.float32) for _ in images]

    assert [tube.person for tube in cut_tubes(both, [left, right], two, 16)] == [2, 1]


def test_who_leaves_is_not_followed():
    def gone(images):
        return [boxes[: i < 2] for i, boxes in enumerate(bright(images))]

    assert cut_tubes(moving(0.0), [face()], gone, 16) == []


def test_a_clip_that_is_too_short_is_one_sentence(tmp_path):
    path = grey_ramp(tmp_path / "short.mp4", [i / 25 for i in range(9)])
    with pytest.raises(InvalidRequest, match=r"short\.mp4 has 9 frames, and it looks at 15 at once; try a longer clip"):
        list(read_tubes(path, "short.mp4", [face()], everywhere, 15, 32, 16))
