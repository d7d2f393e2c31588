"""What labels make of a table."""

import pytest

from explorer.batch.measures import as_text, measure_rows

pytestmark = pytest.mark.usefixtures("few_resamples")

ROWS = [
    {"label": 0, "family": "news", "p_fake_b0": 0.1},
    {"label": 0, "family": "talk", "p_fake_b0": 0.7},
    {"label": 1, "family": "swap", "p_fake_b0": 0.9},
    {"label": 1, "family": "swap", "p_fake_b0": 0.4},
    {"label": 1, "family": "lipsync", "p_fake_b0": 0.2},
    {"label": 1, "family": "lipsync", "p_fake_b0": None},
    {"label": None, "family": None, "p_fake_b0": 0.5},
]


def value(row, name):
    return row[name]["value"]


def test_in_all_and_by_family():
    measured = {row["family"]: row for row in measure_rows(ROWS, {"b0": 0.5})}
    assert list(measured) == ["all", "news", "talk", "swap", "lipsync"]
    whole = measured["all"]
    assert (whole["clips"], whole["real"], whole["fake"], whole["without_number"]) == (5, 2, 3, 1)
    assert value(whole, "auc") == pytest.approx((2 + 1 + 1) / 6, abs=1e-4)
    assert (value(whole, "accuracy"), value(whole, "false_alarms")) == (0.4, 0.5)
    assert (measured["swap"]["clips"], value(measured["swap"], "auc")) == (4, 0.75)  # beside the reals of all
    assert "auc" not in measured["news"]
    assert (value(measured["news"], "false_alarms"), value(measured["talk"], "false_alarms")) == (0.0, 1.0)
    assert measured["news"]["false_alarms"]["interval"] == [0.0, 0.975]
    low, high = whole["auc"]["interval"]
    assert low <= value(whole, "auc") <= high


def test_the_table_for_people():
    lines = as_text(measure_rows(ROWS, {"b0": 0.5})).splitlines()
    assert lines[0].split("  ")[0] == "variant"
    assert lines[1].startswith("b0       all      2 + 3  0.667 (")
    assert "-" in lines[2]
    assert "published thresholds" in lines[-1]


def test_without_labels_there_is_nothing_to_measure():
    measured = measure_rows([{"label": None, "p_fake_b0": 0.5}], {"b0": 0.5})
    assert measured[0]["clips"] == 0
    assert "auc" not in measured[0]
