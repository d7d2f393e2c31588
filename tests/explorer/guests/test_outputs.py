import numpy as np
import pytest

from explorer.guests.outputs import direction, logits_of
from explorer.verdicts import probabilities
from model_zoo.guest import Labels

FAKE_FIRST, REAL_FIRST = Labels(("fake", "real"), (0,), (1,)), Labels(("real", "fake"), (1,), (0,))
ONE_FAKE, ONE_REAL = Labels(("fake",), (0,), (), True), Labels(("real",), (), (0,), True)
THREE = Labels(("real", "swap fake", "ai fake"), (1, 2), (0,))
OPINIONS = Labels(("real", "fake"), (1,), (0,), True)


def test_softmax_of_two_in_either_order():
    values = np.array([[2.0, -1.0]])
    p_fake = np.exp(2) / (np.exp(2) + np.exp(-1))
    assert probabilities(logits_of(values, FAKE_FIRST))[0] == pytest.approx(p_fake, 1e-6)
    assert probabilities(logits_of(values, REAL_FIRST))[0] == pytest.approx(1 - p_fake, 1e-5)


def test_one_output_is_a_logit_for_fake_or_against():
    assert logits_of(np.array([[1.5], [-1.0]]), ONE_FAKE).tolist() == [1.5, -1.0]
    assert logits_of(np.array([1.5, -1.0]), ONE_REAL).tolist() == [-1.5, 1.0]


def test_several_kinds_of_fake_add_up():
    p_fake = probabilities(logits_of(np.log([[0.5, 0.25, 0.25]]), THREE))
    assert p_fake[0] == pytest.approx(0.5, 1e-6)


def test_opinions_of_their_own():
    assert logits_of(np.array([[3.0, -2.0]]), OPINIONS).tolist() == [-2.0]


def test_what_went_through_an_activation_is_turned_back():
    values = np.array([[1.0, -0.5]])
    softmax = np.exp(values) / np.exp(values).sum()
    np.testing.assert_allclose(logits_of(softmax, FAKE_FIRST, "softmax"), logits_of(values, FAKE_FIRST), rtol=1e-5)
    np.testing.assert_allclose(logits_of(1 / (1 + np.exp(-values[:, :1])), ONE_REAL, "sigmoid"), [-1.0], rtol=1e-5)
    assert np.isfinite(logits_of(np.array([[1.0, 0.0]]), FAKE_FIRST, "softmax")).all()


def test_the_sum_that_the_logit_is():
    assert direction(FAKE_FIRST).tolist() == [1, -1] and direction(ONE_REAL).tolist() == [-1]
    assert direction(THREE) is None and direction(OPINIONS) is None
