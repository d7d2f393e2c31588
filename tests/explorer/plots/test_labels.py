from itertools import pairwise

import pytest

from explorer.plots.labels import LINE, LOWEST, stacked


def test_names_that_are_far_apart_stand_at_their_points():
    assert stacked([0.0, 0.5, 1.0], 0, 1) == [0, 0, 0]


def test_names_of_equal_points_stand_one_below_the_other():
    assert stacked([0.5, 0.5, 0.5], 0, 1) == [0, LINE, 2 * LINE]


@pytest.mark.parametrize("height", [LOWEST, 472, 900])
def test_none_lies_over_another_however_high_the_figure(height):
    heights = [0.9, 0.91, 0.905, 0.95, 0.7, 0.701, 0.699]
    below = stacked(heights, 0.6, 1.0)
    places = sorted((1.0 - y) / 0.4 * height + shift for y, shift in zip(heights, below, strict=True))
    assert min(b - a for a, b in pairwise(places)) >= LINE - 1


def test_no_points_no_names():
    assert stacked([], 0, 1) == []
