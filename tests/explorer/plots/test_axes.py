import pytest

from explorer.plots.axes import COSTS, GAINS, MILLISECONDS
from model_zoo.families import FAMILIES
from model_zoo.manifest import Released


def test_every_kind_of_forgery_and_false_alarms_can_be_chosen():
    assert {f"elsewhere_{family}" for family in FAMILIES} <= set(GAINS)
    assert [key for key, axis in GAINS.items() if axis.sign < 0] == ["false_alarms"]


def test_costs_are_better_where_they_are_less():
    assert list(COSTS) == [MILLISECONDS, "mb", "params", "macs"]
    assert {axis.sign for axis in COSTS.values()} == {-1}


def test_what_was_not_counted_is_no_cost_of_nothing():
    guest = Released("a", "x", 32, "a/model.onnx", {"a/model.onnx": ""}, 1, 1, macs=0)
    assert COSTS["macs"].of(guest) is None and COSTS["params"].of(guest) == 1e-6


@pytest.mark.parametrize(("key", "words"), [("auc", "0.9000"), ("false_alarms", "7.5%")])
def test_values_have_their_form(key, words):
    assert GAINS[key].form.format({"auc": 0.9, "false_alarms": 0.075}[key]) == words
