import numpy as np
import pytest

from explorer.faces.boxes import crop_squares
from explorer.faces.crops import cut_face, resize_crop


def test_resize_averages_when_it_shrinks():
    checkers = np.zeros((8, 8, 3), np.uint8)
    checkers[::2, ::2] = checkers[1::2, 1::2] = 200
    assert np.unique(resize_crop(checkers, 4)).tolist() == [100]


def test_cut_takes_the_square_of_the_box():
    image = np.zeros((200, 200, 3), np.uint8)
    box = np.array([60, 50, 120, 129.2], np.float32)
    x0, y0, x1, y1 = np.rint(crop_squares(box)[0]).astype(int)
    image[y0:y1, x0:x1] = 255
    crop = cut_face(image, box, 64)
    assert crop.shape == (64, 64, 3)
    assert crop.min() == 255


def test_outside_the_frame_repeats_the_edge():
    image = np.full((100, 100, 3), 90, np.uint8)
    crop = cut_face(image, np.array([-30, -30, 30, 50]), 32)
    assert crop.shape == (32, 32, 3)
    assert np.unique(crop).tolist() == [90]


def test_a_box_without_area_is_refused():
    with pytest.raises(ValueError, match="needs an area"):
        cut_face(np.zeros((10, 10, 3), np.uint8), np.array([3, 3, 3, 3]), 8)
