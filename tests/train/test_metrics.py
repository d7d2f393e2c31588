import numpy as np
import pytest

from train.metrics import measures


def test_known_values():
    found = measures(np.array([0, 0, 1, 1]), np.array([-2.0, 1.0, 0.5, 3.0]))
    assert found["auc"] == 0.75  # three of four pairs stand in order
    assert found["accuracy"] == 0.75
    expected = np.mean([np.log1p(np.exp(-2.0)), np.log1p(np.exp(1.0)), np.log1p(np.exp(-0.5)), np.log1p(np.exp(-3.0))])
    assert found["log_loss"] == pytest.approx(expected)
    assert found["items"] == 4
