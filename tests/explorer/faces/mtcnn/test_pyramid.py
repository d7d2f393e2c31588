import numpy as np
import pytest

from explorer.faces.mtcnn.integral import IntegralImages
from explorer.faces.mtcnn.pyramid import CELL, STEP, STRIDE, WIDTH, pyramid

SIZES = [(360, 640), (640, 360), (640, 640), (32, 32), (37, 61), (294, 500), (40, 640), (720, 1280)]


def test_levels_of_a_small_frame():
    levels = pyramid(64, 48, 32).levels
    assert [(level.height, level.width) for level in levels] == [(25, 19), (18, 13)]  # x 0.375, and x 0.709
    assert [(level.top, level.left) for level in levels] == [(0, 0), (0, 20)]


@pytest.mark.parametrize("size", SIZES)
def test_levels_lie_apart_on_the_sheet(size):
    layout = pyramid(*size, 32)
    assert layout.levels
    assert layout.height % STEP == 0
    taken = np.zeros((layout.height, layout.width), int)
    for level in layout.levels:
        assert level.top % STRIDE == level.left % STRIDE == 0
        region = taken[level.top : level.top + level.height, level.left : level.left + level.width]
        assert region.shape == (level.height, level.width)
        region += 1
    assert taken.max() == 1


def test_frames_of_the_working_size_share_few_sheets():
    sheets = {(layout.height, layout.width) for height in range(32, 641) for layout in [pyramid(height, 640, 32)]}
    assert {width for _, width in sheets} == {WIDTH}
    assert len(sheets) <= 13  # of 609 heights


@pytest.mark.parametrize("size", [(31, 640), (10, 10)])
def test_no_level_where_no_face_fits(size):
    assert pyramid(*size, 32).levels == ()


@pytest.mark.parametrize("size", SIZES)
def test_a_cell_sees_its_own_level_alone(size):
    """A network that says the sum of what each of its cells sees, on a sheet that holds each level's number."""
    layout = pyramid(*size, 32)
    sheet = np.zeros((1, 1, layout.height, layout.width))
    for number, level in enumerate(layout.levels, 1):
        bottom, right = level.top + level.height, level.left + level.width
        sheet[..., level.top : bottom + level.height % 2, level.left : right + level.width % 2] = number
    seen = np.lib.stride_tricks.sliding_window_view(sheet, (CELL, CELL), (2, 3))[:, :, ::STRIDE, ::STRIDE]
    for number, level in enumerate(layout.levels, 1):
        cells = level.cells(seen)
        assert cells.size
        assert (cells == number).all()
        assert cells.shape[2:4] == tuple(-(-(side - CELL) // STRIDE) + 1 for side in (level.height, level.width))


def test_the_sheet_holds_the_levels():
    frames = np.random.default_rng(0).integers(0, 256, (2, 64, 48, 3), np.uint8)
    layout, means = pyramid(64, 48, 32), IntegralImages(frames)
    sheet = layout.sheet(means)
    assert sheet.shape == (2, 3, layout.height, layout.width)
    assert np.array_equal(sheet[:, :, :25, :19], means.resized(25, 19))
    assert np.array_equal(sheet[:, :, :18, 20:33], means.resized(18, 13))
    assert (sheet[:, :, 30:] == 127.5).all()
    assert np.array_equal(sheet[:, :, :25, 19], sheet[:, :, :25, 18])  # an odd side is continued
