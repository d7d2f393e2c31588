import numpy as np
import pytest

from tests.support.faces import landmarks
from train.dataset.regions import EVERY_REGION, REGIONS, SPOKEN, SWAPPED, bent, drawn_region, softened

SIDE = 64


def share_of(name: str, seed: int = 0) -> np.ndarray:
    return drawn_region(landmarks(SIDE), SIDE, np.random.default_rng(seed), {name: 1.0})


@pytest.mark.parametrize("shares", [EVERY_REGION, SWAPPED, SPOKEN])
def test_shares_name_regions_and_come_to_one(shares):
    assert set(shares) <= set(REGIONS)
    assert sum(shares.values()) == pytest.approx(1)


def test_regions_cover_what_they_are_named_for():
    eyes, mouth = (int(SIDE * 0.3), int(SIDE * 0.31)), (int(SIDE * 0.72), SIDE // 2)
    for seed in range(5):
        assert share_of("face", seed)[eyes] and share_of("face", seed)[mouth]
        assert share_of("mouth", seed)[mouth] and not share_of("mouth", seed)[eyes]
        assert share_of("eyes", seed)[eyes] and not share_of("eyes", seed)[mouth]
        assert share_of("lower", seed)[mouth] and not share_of("lower", seed)[eyes]


def test_larger_regions_hold_more():
    areas = [np.mean([share_of(name, seed).mean() for seed in range(8)]) for name in ("face", "core", "mouth", "nose")]
    assert areas == sorted(areas, reverse=True)


def test_no_region_leaves_the_crop_or_is_empty():
    moved = landmarks(SIDE) + np.float32(20)  # a face half outside
    for name in REGIONS:
        inside = drawn_region(moved, SIDE, np.random.default_rng(1), {name: 1.0})
        assert inside.shape == (SIDE, SIDE)
        assert set(np.unique(inside)) <= {0, 1}


def test_a_bend_moves_the_outline_but_keeps_the_area():
    disc = share_of("face")
    bends = [bent(disc, np.random.default_rng(seed)) for seed in range(8)]
    assert any((bend != disc).any() for bend in bends)
    assert all(abs(bend.mean() - disc.mean()) < 0.15 for bend in bends)


def test_a_soft_mask_is_between_nothing_and_all():
    soft = softened(share_of("face"), np.random.default_rng(0))
    assert soft.dtype == np.float32
    assert soft.min() >= 0 and 0.95 < soft.max() <= 1.0001
    assert ((soft > 0.05) & (soft < 0.95)).any()
