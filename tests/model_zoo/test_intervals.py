import numpy as np
import pytest

from model_zoo.intervals import auc_estimate, paired_auc_estimate, share_estimate


def test_auc_counts_pairs_and_ties_half():
    estimate = auc_estimate(np.array([0.1, 0.4]), np.array([0.4, 0.9]))
    assert estimate.value == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert estimate.interval == [estimate.low, estimate.high]


def test_auc_of_scores_apart_has_no_width_and_more_clips_narrow_it():
    apart = auc_estimate(np.array([0.1, 0.2, 0.3]), np.array([0.7, 0.8]))
    assert (apart.value, apart.low, apart.high) == (1.0, 1.0, 1.0)
    rng = np.random.default_rng(1)
    few = auc_estimate(rng.normal(0, 1, 12), rng.normal(1, 1, 12))
    many = auc_estimate(rng.normal(0, 1, 400), rng.normal(1, 1, 400))
    assert many.high - many.low < (few.high - few.low) / 3


def test_auc_interval_agrees_with_hanley_and_mcneil():
    rng = np.random.default_rng(2)
    estimate = auc_estimate(rng.normal(0, 1, 200), rng.normal(1, 1, 200))
    auc, n = estimate.value, 200
    variance = auc * (1 - auc) + (n - 1) * (auc / (2 - auc) - auc**2) + (n - 1) * (2 * auc**2 / (1 + auc) - auc**2)
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * np.sqrt(variance / n**2), rel=0.1)


def test_paired_auc_compares_a_fake_with_its_own_originals_only():
    scores = np.array([0.5, 0.6, 0.2, 0.1, 0.2])
    # fake 1 above its original 0; fake 3 below 2 and, for its second original, above nothing; fake 4 ties with 2
    estimate = paired_auc_estimate(scores, {1: [0], 3: [2], 4: [2]})
    assert estimate.value == pytest.approx((1 + 0 + 0.5) / 3)
    assert paired_auc_estimate(scores, {1: [0, 2], 3: [2]}).value == pytest.approx((1 + 0) / 2)


def test_share_has_the_exact_interval():
    none = share_estimate(0, 10)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 10))  # where ten in a row happen once in forty
    half = share_estimate(5, 10)
    assert (half.low, half.high) == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert share_estimate(10, 10).high == 1.0
