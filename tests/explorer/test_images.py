import numpy as np
import pytest

from explorer.images import thumbnail
from tests.support.html import decoded


@pytest.mark.parametrize(("size", "smaller"), [((100, 200), (48, 96)), ((40, 30), (40, 30)), ((1, 960), (1, 96))])
def test_pictures_shrink_to_the_side_and_never_grow(size, smaller):
    assert decoded(thumbnail(np.zeros((*size, 3), np.uint8), 96)).shape[:2] == smaller


def test_red_stays_red():
    red = np.zeros((64, 64, 3), np.uint8) + np.array([200, 20, 20], np.uint8)
    assert np.abs(decoded(thumbnail(red, 64)).astype(int) - red).max() < 10
