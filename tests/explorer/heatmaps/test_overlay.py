import numpy as np

from explorer.heatmaps.overlay import evidence_overlay, map_overlay


def test_no_evidence_shows_the_face():
    crop = np.full((8, 8, 3), 99, np.uint8)
    assert np.array_equal(evidence_overlay(crop, np.zeros((2, 2), np.float32)), crop)
    assert np.array_equal(map_overlay(crop, np.zeros((2, 2), np.float32)), crop)


def test_red_speaks_for_fake_and_blue_for_real():
    crop = np.full((8, 8, 3), 128, np.uint8)
    red, _, blue = evidence_overlay(crop, np.full((2, 2), 6, np.float32))[4, 4]
    assert red > blue + 50
    red, _, blue = evidence_overlay(crop, np.full((2, 2), -6, np.float32))[4, 4]
    assert blue > red + 50
