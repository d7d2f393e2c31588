import numpy as np

from explorer.heatmaps.overlay import evidence_overlay, evidence_palette, map_overlay


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


def test_the_palette_blends_to_the_same_picture():
    crop, evidence = np.full((8, 8, 3), 90, np.uint8), np.full((1, 1), 1.5, np.float32)
    *colour, opacity = evidence_palette()[round(255 / (1 + np.exp(-1.5)))].astype(float)
    blended = np.array(colour) * opacity / 255 + 90 * (1 - opacity / 255)
    assert np.abs(evidence_overlay(crop, evidence)[4, 4] - blended).max() < 2
    assert evidence_palette()[128, 3] <= 1  # no evidence shows the face
