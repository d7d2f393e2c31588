import cv2
import numpy as np
import pytest

from train.dataset.forge import (
    EVERY_REGION,
    MEDIAN_LANDMARKS,
    OUTLINES,
    PEAKS,
    VISIBLE,
    alignment,
    blend,
    change,
    face_mask,
    forge,
    match_colours,
    match_light,
    mirror,
    nudge,
    region,
    render,
    restyle,
    self_blend,
    soften,
    swap,
    turn,
)

SEEDS = range(12)


def a_face(seed: int, side: int = 224) -> np.ndarray:
    """A skin-coloured oval with eyes and a mouth on a smooth random background, (S, S, 3) uint8."""
    rng = np.random.default_rng(seed)
    image = cv2.resize(rng.uniform(40, 200, (6, 6, 3)).astype(np.float32), (224, 224), interpolation=cv2.INTER_CUBIC)
    cv2.ellipse(image, (112, 110), (90, 115), 0, 0, 360, rng.uniform(90, 210, 3).tolist(), -1)
    for x, y in MEDIAN_LANDMARKS[:3]:
        cv2.circle(image, (int(x), int(y)), 10, (30, 30, 30), -1)
    cv2.line(image, (70, 161), (158, 161), (120, 40, 50), 12)
    image += rng.normal(0, 4, image.shape).astype(np.float32)
    return cv2.resize(np.clip(image, 0, 255).astype(np.uint8), (side, side), interpolation=cv2.INTER_AREA)


def landmarks_at(side: int) -> np.ndarray:
    return MEDIAN_LANDMARKS * np.float32(side / 224)


@pytest.mark.parametrize("side", [112, 224])
@pytest.mark.parametrize("swaps", [0, 1])
def test_a_forgery_follows_from_its_seed_and_is_seen(side, swaps):
    image, donor, landmarks = a_face(0, side), a_face(1, side), landmarks_at(side)
    kept = image.copy(), donor.copy(), landmarks.copy()
    for seed in SEEDS:
        first, again = (
            forge(image, landmarks, donor, landmarks, np.random.default_rng(seed), swaps=swaps) for _ in range(2)
        )
        assert first.shape == (side, side, 3) and first.dtype == np.uint8
        np.testing.assert_array_equal(first, again)
        assert np.abs(first.astype(int) - image).max() >= VISIBLE
    for before, after in zip(kept, (image, donor, landmarks), strict=True):
        np.testing.assert_array_equal(before, after)


def test_seeds_differ():
    image = a_face(0)
    first, second = (self_blend(image, MEDIAN_LANDMARKS, np.random.default_rng(seed)) for seed in (1, 2))
    assert (first != second).any()


def test_forge_swaps_its_share():
    flat, landmarks = np.full((64, 64, 3), 90, np.uint8), landmarks_at(64)
    donor = np.repeat(np.arange(64)[:, None, None] // 8 % 2 * 250, 64, axis=1).repeat(3, axis=2).astype(np.uint8)
    rng = np.random.default_rng(0)
    forged = [forge(flat, landmarks, donor, landmarks, rng) for _ in range(150)]
    striped = [np.ptp(np.sign(np.diff(image[26:42, 32, 0].astype(int)))) == 2 for image in forged]  # swaps alone
    assert 0.2 < np.mean(striped) < 0.45


@pytest.mark.parametrize("side", [112, 224])
def test_mask_is_soft_bounded_and_on_the_face(side):
    for seed in SEEDS:
        mask = face_mask(landmarks_at(side), side, np.random.default_rng(seed))
        assert mask.shape == (side, side) and mask.dtype == np.float32
        assert mask.min() == 0 and np.isclose(mask.max(), PEAKS).any()
        assert 0.03 < (mask > 0).mean() < 0.9
        assert np.unique(mask).size > 3


@pytest.mark.parametrize("part", OUTLINES)
def test_region_scales_with_the_crop(part):
    assert part in EVERY_REGION
    small, large = (region(landmarks_at(side), side, np.random.default_rng(3), {part: 1.0}) for side in (112, 224))
    assert np.unique(large).tolist() == [0, 1]
    assert small.mean() == pytest.approx(large.mean(), rel=0.05)


def test_soften_climbs_inwards_and_adds_nothing():
    inside = np.zeros((224, 224), np.uint8)
    inside[50:150, 50:150] = 1
    for seed in SEEDS:
        mask = soften(inside, np.random.default_rng(seed), 8)
        assert (mask[inside == 0] == 0).all() and mask[100, 100] == 1
        assert (np.diff(mask[100, 50:100]) >= 0).all()
        assert 0 < mask[100, 52] < 0.5


def test_background_outside_the_mask_is_untouched():
    image = a_face(0)
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        mask = face_mask(MEDIAN_LANDMARKS, 224, rng)
        blended = blend(image, nudge(restyle(image, rng), rng), mask)
        np.testing.assert_array_equal(blended[mask == 0], image[mask == 0])


def test_blend_by_hand():
    black, white = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 200, np.uint8)
    mask = np.array([[0, 1], [0.5, 0.25]], np.float32)
    assert blend(black, white, mask)[..., 0].tolist() == [[0, 200], [100, 50]]
    assert change(black, blend(black, white, mask), mask) == 200  # only one pixel exceeds half the peak


@pytest.mark.parametrize("level", [0, 3, 100, 255])
def test_even_a_flat_image_shows_its_self_blend(level):
    flat = np.full((96, 96, 3), level, np.uint8)
    for seed in SEEDS:
        forged = self_blend(flat, landmarks_at(96), np.random.default_rng(seed))
        assert np.ptp(forged.reshape(-1, 3), axis=0).max() >= VISIBLE


def test_landmarks_off_the_crop_do_no_harm():
    image = a_face(0)
    assert self_blend(image, MEDIAN_LANDMARKS + 400, np.random.default_rng(0)).shape == image.shape
    assert swap(image, MEDIAN_LANDMARKS, image, MEDIAN_LANDMARKS + 400, np.random.default_rng(0)).shape == image.shape


def test_alignment_recovers_an_affine_map():
    known = np.array([[1.1, 0.1, -12], [-0.15, 0.95, 20]])
    moved = MEDIAN_LANDMARKS @ known[:, :2].T + known[:, 2]
    np.testing.assert_allclose(alignment(MEDIAN_LANDMARKS, moved), known, atol=1e-4)
    rough = moved + np.random.default_rng(0).uniform(-1, 1, moved.shape)
    matrix = alignment(MEDIAN_LANDMARKS, rough)
    landed = MEDIAN_LANDMARKS @ matrix[:, :2].T + matrix[:, 2]
    assert np.linalg.norm(landed - rough, axis=1).max() < 2


def test_alignment_recovers_a_similarity():
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    turned = [(5, 7), (5, 9), (3, 9), (3, 7)]  # by 90 degrees, doubled, moved by (5, 7)
    for affine in (False, True):
        np.testing.assert_allclose(alignment(square, turned, affine), [[0, -2, 5], [2, 0, 7]], atol=1e-9)


@pytest.mark.parametrize("end", [[(0, 0), (9, 0), (9, 1), (0, 1)], [(1, 0), (0, 0), (0, 1), (1, 1)]])
def test_alignment_neither_squeezes_much_nor_mirrors(end):
    (a, b, _), (c, d, _) = alignment(np.array([(0, 0), (1, 0), (1, 1), (0, 1)]), end)
    assert a == pytest.approx(d) and b == pytest.approx(-c)


@pytest.mark.parametrize("resolution", [64, 130, 224])
def test_render_moves_the_donor_onto_the_target(resolution):
    donor = np.zeros((224, 224, 3), np.uint8)
    here, there = MEDIAN_LANDMARKS, MEDIAN_LANDMARKS * 0.9 + (15, 5)
    matrix = alignment(here, there)
    for start, end in zip(here, there, strict=True):
        dot = cv2.circle(donor.copy(), tuple(int(v) for v in start), 6, (255, 255, 255), -1)
        rows, columns = np.nonzero(render(dot, matrix, resolution)[..., 0] > 100)
        assert np.hypot(columns.mean() - end[0], rows.mean() - end[1]) < 2


def test_a_face_put_onto_itself_stays():
    image = a_face(0)
    mask = face_mask(MEDIAN_LANDMARKS, 224, np.random.default_rng(0))
    same = render(image, alignment(MEDIAN_LANDMARKS, MEDIAN_LANDMARKS), 224)
    same = match_light(match_colours(same, image, mask, 1.0), image, 1.0)
    assert np.abs(blend(image, same, mask).astype(int) - image).max() <= 1


def test_swap_with_itself_is_still_a_forgery():
    image = a_face(0)
    for seed in SEEDS:
        forged = swap(image, MEDIAN_LANDMARKS, image, MEDIAN_LANDMARKS, np.random.default_rng(seed))
        assert np.abs(forged.astype(int) - image).max() >= VISIBLE


def test_swap_keeps_to_what_the_donor_covers():
    target, donor = a_face(0), a_face(1)
    lower = MEDIAN_LANDMARKS + np.array((0, 80))  # aligned, the donor's crop ends at row 144
    for seed in SEEDS:
        forged = swap(target, MEDIAN_LANDMARKS, donor, lower, np.random.default_rng(seed))
        np.testing.assert_array_equal(forged[145:], target[145:])
        assert (forged[:144] != target[:144]).any()


def test_match_colours_brings_the_mean_and_spread_over():
    target = a_face(0)
    face = (target * 0.75 + (0, 20, 40)).astype(np.uint8)
    mask = np.zeros((224, 224), np.float32)
    mask[60:160, 60:160] = 1
    assert np.abs(match_colours(face, target, mask, 1.0).astype(int) - target).max() <= 3
    halfway = match_colours(face, target, mask, 0.5)[mask == 1].mean(0)
    np.testing.assert_allclose(halfway, (face[mask == 1].mean(0) + target[mask == 1].mean(0)) / 2, atol=1)


def test_mirror_by_hand():
    image = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    flipped, landmarks = mirror(image, np.array([(0, 0), (1, 0), (0.75, 0.5), (0, 1), (1, 1)], np.float32))
    assert flipped[0, 0].tolist() == [3, 4, 5]
    assert landmarks.tolist() == [[0, 0], [1, 0], [0.25, 0.5], [0, 1], [1, 1]]
    assert turn(landmarks) == -0.25
