import numpy as np
import pytest

from explorer.faces.boxes import areas, crop_squares, iou, relative_transform, transform_boxes


def test_crop_square_of_a_typical_mtcnn_box():
    # 100 wide and 132 high: both estimates of the side agree on 110
    x0, y0, x1, y1 = crop_squares([[200, 100, 300, 232]])[0]
    assert (x1 - x0, y1 - y0) == pytest.approx((110, 110), abs=0.01)
    assert (250 - x0) / 110 == pytest.approx(0.49, abs=1e-3)  # the box's centre, across
    assert (166 - y0) / 110 == pytest.approx(0.42, abs=1e-3)  # and down


def test_crop_squares_scale_with_the_frame():
    boxes = np.array([[10, 20, 50, 70], [5, 5, 25, 35]], np.float32)
    assert crop_squares(boxes * 3) == pytest.approx(crop_squares(boxes) * 3, rel=1e-5)


def test_place_grows_about_the_centre_and_shifts():
    assert transform_boxes([[0, 0, 10, 20]], (2.0, 1.0), (0.0, 0.5))[0].tolist() == [-5, 10, 15, 30]


def test_areas_of_inverted_boxes_are_zero():
    assert areas([[0, 0, 2, 3], [5, 5, 1, 9]]).tolist() == [6, 0]


def test_iou_known_values():
    overlaps = iou([[0, 0, 2, 2], [0, 0, 2, 2], [0, 0, 1, 1]], [[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]])
    assert overlaps == pytest.approx([1, 1 / 3, 0])


def test_placement_undoes_place():
    boxes = np.array([[10, 20, 30, 60], [0, 0, 4, 4]], np.float32)
    moved = transform_boxes(boxes, (1.5, 0.5), (0.25, -0.1))
    np.testing.assert_allclose(relative_transform(boxes, moved), [[1.5, 0.5, 0.25, -0.1]] * 2, atol=1e-6)
