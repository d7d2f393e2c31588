import numpy as np
import pytest
import torch
from torch.nn.functional import adaptive_avg_pool2d

from explorer.faces.mtcnn.integral import IntegralImages

RNG = np.random.default_rng(0)


def pooled(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """By torch: (H, W, 3) -> (3, height, width)."""
    return adaptive_avg_pool2d(torch.from_numpy(image.transpose(2, 0, 1).copy()).float(), (height, width)).numpy()


def test_a_quarter_of_a_checkerboard():
    board = np.tile([[0, 200], [100, 20]], (2, 2))[..., None].repeat(3, axis=2).astype(np.uint8)
    assert np.array_equal(IntegralImages(board[None]).resized(2, 2), np.full((1, 3, 2, 2), 80, np.float32))


@pytest.mark.parametrize("size", [(13, 22), (37, 61), (1, 1), (50, 80)])  # the last is larger than the frames
def test_resized_as_torch_pools(size):
    frames = RNG.integers(0, 256, (2, 37, 61, 3), np.uint8)
    resized = IntegralImages(frames).resized(*size)
    assert resized.shape == (2, 3, *size)
    for frame, means in zip(frames, resized, strict=True):
        assert np.allclose(means, pooled(frame, *size), atol=1e-4)


def test_cut_as_torch_pools():
    frames = RNG.integers(0, 256, (2, 90, 70, 3), np.uint8)
    owners, squares = np.array([1, 0, 1]), np.array([[0, 0, 70, 90], [5, 7, 33, 41], [60, 80, 66, 83]])
    for owner, (x0, y0, x1, y1), means in zip(
        owners, squares, IntegralImages(frames).cut(owners, squares, 24), strict=True
    ):
        assert np.allclose(means, pooled(frames[owner, y0:y1, x0:x1], 24, 24), atol=1e-4)


def test_sums_beyond_32_bits_are_no_matter():
    white = np.full((1, 3000, 3000, 3), 255, np.uint8)
    assert white.sum() / 3 > 2**31
    means = IntegralImages(white)
    assert (means.resized(7, 5) == 255).all()
    assert (means.cut(np.array([0]), np.array([[2900, 2900, 3000, 3000]]), 24) == 255).all()
