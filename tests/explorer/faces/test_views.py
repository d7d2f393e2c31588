import numpy as np

from explorer.faces.views import cut_view, shown_as, view_square, views_of
from model_zoo.guest import View


def test_the_square_is_a_margin_about_the_longer_side():
    box = np.array([10, 20, 30, 60], np.float32)  # 20 wide, 40 high, about (20, 40)
    assert view_square(box, 1.0).tolist() == [0, 20, 40, 60]
    assert view_square(box, 1.5).tolist() == [-10, 10, 50, 70]


def test_a_face_is_scaled_and_its_middle_cut():
    image = np.arange(64, dtype=np.uint8).reshape(8, 8)[..., None].repeat(3, 2)
    view = View(1.0, 8, 4, "nearest")
    np.testing.assert_array_equal(cut_view(image, np.array([0, 0, 8, 8], np.float32), view), image[2:6, 2:6])
    assert shown_as(image, View(1.0, 16, 16, "bicubic")).shape == (16, 16, 3)


def test_beyond_the_frame_its_edge_goes_on():
    image = np.zeros((10, 10, 3), np.uint8)
    image[:, 0] = 200
    cut = cut_view(image, np.array([0, 0, 10, 10], np.float32), View(2.0, 20, 20, "nearest"))
    assert (cut[:, :6] == 200).all() and (cut[:, 6:] == 0).all()


def test_each_view_once():
    one, two = View(1.0, 8, 8), View(1.3, 8, 8)
    assert set(views_of(np.zeros((9, 9, 3), np.uint8), np.array([1, 1, 8, 8], np.float32), [one, two])) == {one, two}


def test_a_square_moves_down_by_a_share_of_the_longer_side():
    still, moved = (view_square(np.array([10, 20, 50, 120]), 1.0, down) for down in (0.0, 0.1))
    assert (moved - still).tolist() == [0, 10, 0, 10]
