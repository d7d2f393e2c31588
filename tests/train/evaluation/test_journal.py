import numpy as np
import pytest

from train.evaluation.journal import journal_measures


def test_errors_with_and_without_a_decision():
    measured = journal_measures(np.array([0, 0, 1, 1, 1]), np.array([0.1, 0.8, 0.9, 0.6, 0.2]))
    assert measured == pytest.approx(
        {"unquantized": 0.44, "quantized": 0.4, "real_right": 0.5, "fake_right": 2 / 3}
    )  # |0.1|, |0.8|, |0.1|, |0.4|, |0.8| are 2.2 of 5
