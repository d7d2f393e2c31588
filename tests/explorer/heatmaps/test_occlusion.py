import numpy as np
import pytest

from explorer.heatmaps.occlusion import grid_for, occlusion_maps, passes
from explorer.structures import Spread
from tests.support.reports import judged


def brightness(crops):
    """Its logit is the mean level from -1 to 1, so that its evidence is the level of each place."""
    return crops.mean((1, 2, 3), dtype=np.float64) / 127.5 - 1, None


def test_a_patch_counts_by_what_it_adds():
    crop = np.zeros((8, 8, 3), np.uint8)
    crop[:4, :4] = 255
    [found] = occlusion_maps(brightness, crop[None], 2)
    # The mean colour is 64: the white quarter is worth (255 - 64) / 127.5, the black ones (0 - 64) / 127.5.
    np.testing.assert_allclose(found, np.array([[191, -64], [-64, -64]]) / 127.5, atol=1e-6)


def test_patches_cover_all_of_a_side_that_they_do_not_divide():
    assert occlusion_maps(brightness, np.full((2, 30, 30, 3), 9, np.uint8), 7).shape == (2, 7, 7)


@pytest.mark.parametrize(("ms", "grid"), [(1.0, 7), (20.0, 7), (40.0, 5), (60.0, 4), (80.0, 0)])
def test_the_grid_is_as_fine_as_time_allows(ms, grid):
    assert grid_for(judged("a", ms_per_face=Spread(ms, 0.1)), 8) == grid


def test_scores_from_elsewhere_have_no_passes():
    assert grid_for(judged("a", ms_per_face=None), 8) == 0 and passes(7) == 50
