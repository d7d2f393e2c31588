from model_zoo.manifest import Manifest, Released
from train.release.results_table import alarms_table, corruptions_table, groups_table, results_table

ELSEWHERE = {
    "auc": 0.71, "auc_interval": [0.6, 0.8], "real_clips": 50, "fake_clips": 58, "tpr_at_5_fpr": 0.25,
    "ece": 0.1234, "log_loss": 0.7, "paired": {"pairs": 27, "auc": 0.6, "auc_interval": [0.5, 0.7]},
    "live_swaps": {"pairs": 22, "auc": 0.661, "auc_interval": [0.45, 0.8]},
    "families": {
        "swap": {"clips": 26, "auc": 0.732, "auc_interval": [0.61, 0.84]},
        "reenact": {"clips": 9, "auc": 0.9, "auc_interval": [0.8, 1.0]},
    },
    "false_alarms": {"clips": 50, "called_fake": 4, "by_source": {"a/b": {"clips": 50, "called_fake": 4}}},
}  # fmt: skip
CORRUPTED = {"auc": 0.8, "auc_lost": 0.12, "median_move": 0.0456}
METRICS = {
    "test": {"auc": 0.92346, "ece": 0.0191},
    "elsewhere": ELSEWHERE,
    "latency": {"batch_1_ms": 7.04, "batch_16_ms": 5.96},
    "corruptions": {"auc": 0.92}
    | dict.fromkeys(
        ("h264_crf23", "h264_crf28", "h264_crf33", "h264_crf40", "half_size", "jpeg50", "blur", "noise", "shift"),
        CORRUPTED,
    ),
}


def manifest(**metrics):
    row = Released("b0", "none", 160, "b0/model.onnx", {"b0/model.onnx": ""}, 8_321_084, 4_008_829, 196_530_400)
    return Manifest({"b0": Released(**(vars(row) | {"metrics": metrics}))})


def cells(table: str, line: int = 2) -> list[str]:
    return [cell.strip() for cell in table.splitlines()[line].strip("|").split("|")]


def test_a_variant_in_a_row_with_intervals_and_counts():
    assert cells(results_table(manifest(**METRICS))) == [
        "b0", "8.32", "4.01 M", "197 M", "7.0", "6.0", "0.9235", "0.73 (0.61-0.84, 26 clips)", "9 clips", "-", "-",
        "0.66 (0.45-0.80, 22 pairs)", "4 of 50", "0.019", "0.123", "0.800",
    ]  # fmt: skip


def test_what_was_not_measured_is_a_dash():
    assert cells(results_table(manifest()))[4:] == ["-"] * 12
    assert len(groups_table(manifest()).splitlines()) == 2
    assert len(corruptions_table(manifest()).splitlines()) == 2


def test_groups_alarms_and_corruptions():
    assert cells(groups_table(manifest(**METRICS))) == [
        "b0", "held out", "0.71 (0.60-0.80, 58 clips)", "0.60 (0.50-0.70, 27 pairs)", "25%", "4 of 50",
        "0.123", "0.700",
    ]  # fmt: skip
    assert cells(alarms_table(manifest(**METRICS))) == ["held out", "a/b", "4 of 50"]
    assert cells(corruptions_table(manifest(**METRICS)))[:3] == ["b0", "0.920", "+0.120 (0.046)"]


def test_a_corruption_that_came_after_the_measurement_has_no_figure():
    measured = {key: value for key, value in METRICS["corruptions"].items() if key != "mirror"}
    row = cells(corruptions_table(manifest(**METRICS | {"corruptions": measured})))
    assert row.count("-") == 1 and row[1] == "0.920"
