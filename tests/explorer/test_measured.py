from explorer.measured import alarms_cell, auc_cell, paired_cell


def test_a_figure_has_its_interval_and_its_count():
    assert auc_cell({"auc": 0.732, "auc_interval": [0.611, 0.84], "clips": 26}) == "0.73 (0.61-0.84, 26 clips)"
    assert paired_cell({"auc": 0.5, "auc_interval": [0.4, 0.6], "pairs": 22}) == "0.50 (0.40-0.60, 22 pairs)"


def test_fewer_than_ten_show_their_count_alone():
    assert auc_cell({"auc": 0.9, "auc_interval": [0.8, 1.0], "clips": 9}) == "9 clips"
    assert paired_cell({"auc": 0.9, "auc_interval": [0.8, 1.0], "pairs": 5}) == "5 pairs"


def test_what_was_not_measured_is_a_dash():
    assert (auc_cell(None), paired_cell(None), alarms_cell({})) == ("-", "-", "-")
    assert alarms_cell({"false_alarms": {"clips": 50, "called_fake": 0}}) == "0 of 50"
