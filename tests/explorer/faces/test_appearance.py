import numpy as np
import pytest

from explorer.faces.appearance import STEADY, STEP, differences, looks_of, scene_of
from explorer.structures import Face, SampledFrame

GREY, LIGHTER = np.full((224, 224, 3), 119, np.uint8), np.full((224, 224, 3), 144, np.uint8)  # L* of 50 and 60


def looks(x: float, crop: np.ndarray, scene: int = 60):
    box = np.array([x, 0, x + 50, 60], np.float32)
    return looks_of([SampledFrame(0.0, scene_of(np.full((90, 160, 3), scene, np.uint8)), (Face(0.0, box, crop),))])


def difference(first, second) -> float:
    return float(differences(first, second)[0, 0])


def test_the_same_face_in_the_same_place_differs_by_nothing():
    assert difference(looks(0, GREY), looks(0, GREY)) == pytest.approx(0, abs=1e-3)


def test_ten_units_of_lightness_in_another_shot():
    # one of three channels differs by 10: the root mean square is 10 / sqrt(3)
    assert difference(looks(0, GREY, 60), looks(0, LIGHTER, 200)) == pytest.approx(10 / np.sqrt(3), abs=0.1)


def test_in_the_same_shot_and_place_most_is_forgiven():
    assert difference(looks(0, GREY), looks(0, LIGHTER)) == pytest.approx((1 - STEADY) * 10 / np.sqrt(3), abs=0.1)


def test_a_move_counts_by_the_faces_width_up_to_a_limit():
    assert difference(looks(0, GREY), looks(75, GREY)) == pytest.approx(1.5 * STEP, abs=1e-3)
    assert difference(looks(0, GREY), looks(900, GREY)) == pytest.approx(3 * STEP, abs=1e-3)


def test_nobody():
    assert len(looks_of([]).faces) == 0
