import pytest
import torch

from model_zoo.efficientnet import build_efficientnet
from model_zoo.pruned import narrow, widths_of


def test_widths_of_the_dense_network_change_nothing():
    dense = build_efficientnet("efficientnet_lite0")
    widths = widths_of(dense.state_dict())
    assert widths["conv_stem"] == [32, 3, 3, 3]
    assert widths["classifier"] == [1, 1280]
    same = narrow(dense, widths)
    assert {key: value.shape for key, value in same.state_dict().items()} == {
        key: value.shape for key, value in dense.state_dict().items()
    }


def test_a_narrower_head_runs_and_keeps_the_mode():
    dense = build_efficientnet("efficientnet_lite0").train()
    widths = widths_of(dense.state_dict()) | {"conv_head": [64, 320, 1, 1], "bn2": [64], "classifier": [1, 64]}
    slim = narrow(dense, widths)
    assert slim.training
    assert slim(torch.zeros(2, 3, 64, 64)).shape == (2, 1)
    assert sum(p.numel() for p in slim.parameters()) < sum(p.numel() for p in dense.parameters())


@pytest.mark.parametrize("widths", [{}, {"conv_stem": "wide"}, {"conv_stem": [1]}, {"conv_stem": [None, 3, 3, 3]}])
def test_widths_that_do_not_fit_are_refused(widths):
    with pytest.raises(ValueError, match="recorded widths"):
        narrow(build_efficientnet("efficientnet_lite0"), widths)
