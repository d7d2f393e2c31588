"""Labels beside faces, never over one."""

import numpy as np
import pytest

from explorer.exports.face_labels import GAP, free_place, write_label

FACE = np.array([[60.0, 60, 100, 100]])


@pytest.mark.parametrize(
    ("face", "place"),
    [
        ((60, 60, 100, 100), (60, 100 + GAP)),  # below
        ((60, 90, 100, 130), (60, 90 - GAP - 20)),  # there is no room below: above
        ((60, 10, 100, 150), (100 + GAP, 10)),  # neither: right of it
        ((120, 10, 200, 150), (120 - GAP - 50, 10)),  # left of it
        ((0, 0, 200, 150), None),  # the face fills the picture
        ((180, 60, 200, 100), (150, 100 + GAP)),  # moved into the picture
    ],
)
def test_a_label_stands_where_there_is_room(face, place):
    box = np.array(face, float)
    assert free_place(50, 20, box, box[None], (150, 200)) == place


def test_it_covers_no_other_face():
    below = np.array([60.0, 100, 100, 140])
    taken = np.vstack([FACE, below])
    assert free_place(50, 20, FACE[0], taken, (150, 200)) == (60, 60 - GAP - 20)


def test_no_pixel_of_a_face_changes_and_the_next_label_stands_elsewhere():
    image = np.full((150, 200, 3), 128, np.uint8)
    taken = write_label(image, FACE[0], FACE, [("person 2", ""), ("b0 0.93", "#6464DC")])
    assert taken.shape == (2, 4) and image[107:140, 60:].std() > 30
    assert (image[60:100, 60:100] == 128).all()
    again = write_label(image, FACE[0], taken, [("person 3", "")])
    assert again.shape == (3, 4) and again[2][3] <= 60  # above


def test_without_room_or_words_nothing_is_written():
    image = np.full((40, 40, 3), 128, np.uint8)
    whole = np.array([[0.0, 0, 40, 40]])
    assert write_label(image, whole[0], whole, [("person 1", "")]) is whole
    assert write_label(image, whole[0], whole, []) is whole
    assert (image == 128).all()
