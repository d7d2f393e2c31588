import numpy as np
import pytest

from explorer.faces.working_size import scaled


@pytest.mark.parametrize(
    ("size", "smaller", "factor"),
    [
        ((1080, 1920), (360, 640), 3.0),
        ((1280, 320), (640, 160), 2.0),
        ((480, 640), (480, 640), 1.0),
        ((2, 6400), (1, 640), 10.0),
    ],
)
def test_the_longer_side_shrinks_to_640_pixels_and_never_grows(size, smaller, factor):
    image, back = scaled(np.zeros((*size, 3), np.uint8))
    assert (image.shape, back) == ((*smaller, 3), factor)
