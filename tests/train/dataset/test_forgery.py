import numpy as np
import pytest

from tests.support.faces import landmarks, picture
from train.dataset.forgery import FacePicture, generate, reshaped, self_blend, speak, swap

FACE, DONOR = (FacePicture(picture(seed), landmarks()) for seed in (0, 1))
OUTSIDE = (slice(0, 3), slice(0, 3))  # a corner that no region of an upright face reaches


def forgeries(seed: int) -> dict[str, np.ndarray]:
    with_twin = FacePicture(FACE.image, FACE.landmarks, 255 - FACE.image)
    return {
        "self_blend": self_blend(FACE, np.random.default_rng(seed)),
        "swap": swap(FACE, DONOR, np.random.default_rng(seed)),
        "speak": speak(FACE, DONOR, np.random.default_rng(seed)),
        "generate": generate(with_twin, np.random.default_rng(seed)),
    }


@pytest.mark.parametrize("seed", range(6))
def test_every_forgery_changes_the_face_and_nothing_of_the_source(seed):
    before = FACE.image.copy()
    for kind, forged in forgeries(seed).items():
        assert forged.shape == before.shape and forged.dtype == np.uint8, kind
        assert np.abs(forged.astype(int) - before).mean() > 0.1, kind
    assert np.array_equal(FACE.image, before)


def test_forgeries_follow_from_the_generator_alone():
    first, again, other = forgeries(3), forgeries(3), forgeries(4)
    assert all(np.array_equal(first[kind], again[kind]) for kind in first)
    assert all(not np.array_equal(first[kind], other[kind]) for kind in first)


def test_a_swap_keeps_the_surroundings():
    corners = [swap(FACE, DONOR, np.random.default_rng(seed))[OUTSIDE] for seed in range(8)]
    changes = [np.abs(corner.astype(int) - FACE.image[OUTSIDE]).mean() for corner in corners]
    assert np.median(changes) < 1


def test_a_spoken_mouth_leaves_the_brows():
    changes = [
        np.abs(speak(FACE, DONOR, np.random.default_rng(seed))[8:18].astype(int) - FACE.image[8:18]).mean()
        for seed in range(8)
    ]
    assert np.median(changes) < 1


def test_a_generated_face_without_a_twin_is_a_blend():
    image = generate(FACE, np.random.default_rng(2))
    assert np.array_equal(image, self_blend(FACE, np.random.default_rng(2)))


def test_the_mouth_moves_and_the_forehead_stays():
    moved = reshaped(FACE.image, FACE.landmarks, np.random.default_rng(0))
    difference = np.abs(moved.astype(int) - FACE.image)
    assert difference[40:52, 20:44].mean() > 1
    assert difference[:6].mean() < 0.3 * difference[40:52, 20:44].mean()


@pytest.mark.parametrize("level", [3, 128])
def test_even_a_flat_face_shows_its_self_blend(level):
    """A fake that nobody could tell from its original would teach noise."""
    flat = FacePicture(np.full_like(FACE.image, level), FACE.landmarks)
    for seed in range(30):
        assert np.abs(self_blend(flat, np.random.default_rng(seed)).astype(int) - level).max() >= 2, seed
