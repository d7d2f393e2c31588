import numpy as np
import pytest

from explorer.corruptions import CORRUPTIONS, TITLES, blur, corrupted, h264, half_size, jpeg, noise, shift


@pytest.fixture
def crop() -> np.ndarray:
    """(64, 64, 3) uint8: a soft ramp with a bright square, so that every corruption has something to spoil."""
    ramp = np.linspace(40, 160, 64)
    image = np.stack([ramp[None] + 0 * ramp[:, None], ramp[:, None] + 0 * ramp[None], np.full((64, 64), 90.0)], 2)
    image[20:40, 20:40] += 60
    return image.astype(np.uint8)


def error_of(spoilt: np.ndarray, crop: np.ndarray) -> float:
    return float(np.abs(spoilt.astype(float) - crop).mean())


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_each_keeps_the_form_changes_the_crop_and_is_the_same_every_time(name, crop):
    before = crop.copy()
    spoilt = corrupted(np.stack([crop, crop]), name)
    assert spoilt.shape == (2, 64, 64, 3) and spoilt.dtype == np.uint8
    assert np.array_equal(spoilt[0], spoilt[1])  # no crop depends on its neighbours
    assert np.array_equal(spoilt, corrupted(np.stack([crop, crop]), name))
    assert not np.array_equal(spoilt[0], crop)
    assert np.array_equal(crop, before)


def test_every_corruption_has_a_title():
    assert list(TITLES) == list(CORRUPTIONS)


def test_no_crops_stay_no_crops():
    assert corrupted(np.empty((0, 8, 8, 3), np.uint8), "blur").shape == (0, 8, 8, 3)


def test_a_higher_crf_spoils_more_and_odd_sides_come_back(crop):
    errors = [error_of(h264(crop, crf), crop) for crf in (23, 28, 33, 40)]
    assert errors == sorted(errors) and errors[0] < errors[3]
    assert h264(crop[:63, :61], 28).shape == (63, 61, 3)


def test_jpeg_of_a_lower_quality_spoils_more(crop):
    assert error_of(jpeg(crop, 20), crop) > error_of(jpeg(crop, 90), crop)


def test_half_size_and_blur_leave_even_grey_alone_and_blur_lowers_a_dot():
    grey = np.full((8, 8, 3), 77, np.uint8)
    assert np.array_equal(half_size(grey), grey) and np.array_equal(blur(grey), grey)
    dot = np.zeros((224, 224, 3), np.uint8)
    dot[100, 100] = 255
    assert blur(dot)[100, 100, 0] == 18  # 255 / (2 pi 1.5^2)


def test_noise_has_its_spread_and_leaves_the_mean():
    spoilt = noise(np.full((224, 224, 3), 128, np.uint8)).astype(float)
    assert spoilt.mean() == pytest.approx(128, abs=0.1)
    assert spoilt.std() == pytest.approx(8, abs=0.1)


def test_shift_moves_right_and_down_and_repeats_the_edge():
    crop = np.arange(45 * 45, dtype=np.uint16).reshape(45, 45, 1).repeat(3, 2).astype(np.uint8)  # 5 * 45 / 224: 1 px
    moved = shift(crop)
    assert np.array_equal(moved[1:, 1:], crop[:-1, :-1])
    assert np.array_equal(moved[0], moved[1]) and np.array_equal(moved[:, 0], moved[:, 1])
