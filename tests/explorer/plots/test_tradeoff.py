from dataclasses import replace

import numpy as np
import pytest

from explorer.plots.axes import COSTS, measured_gains
from explorer.plots.tradeoff import (
    category_accuracy,
    clip_scatter,
    found,
    front_of,
    gain_of,
    recorded_latencies,
    reliability,
    roc,
    trade_off,
)
from explorer.structures import ClipInfo, Cpu, Report, Spread, VariantResult
from model_zoo.manifest import Released

COLOURS = {"a": "#0072B2", "b": "#E69F00", "c": "#009E73", "bare": "#CC79A7"}


def row(name, auc=None, ms=None, megabytes=4.0) -> Released:
    """A released variant with these figures; without any it was never measured."""
    metrics = {}
    if auc is not None:
        metrics["test"] = {
            "auc": auc,
            "accuracy": 1 - auc,
            "per_category": {"real": {"items": 3, "accuracy": 0.5}, "fake": {"items": 1200, "accuracy": 0.75}},
            "roc": {"false_positive_rate": [0.0, 0.25, 1.0], "true_positive_rate": [0.0, 0.5, 1.0]},
            "reliability": {"p_fake": [0.05, 0.95], "fake_rate": [0.0, 1.0], "items": [25, 100]},
        }
    if ms is not None:
        metrics["latency"] = {"median_ms": ms, "iqr_ms": 0.5}
    files = {f"{name}/model.onnx": ""}
    return Released(name, "none", 32, f"{name}/model.onnx", files, round(megabytes * 1e6), 0, 0, metrics=metrics)


ROWS = [row("a", 0.9, 4.0, megabytes=9.0), row("b", 0.7, 1.0), row("c", 0.6, 2.0), row("bare")]


def traces(figure) -> dict[tuple[str, str | None], object]:
    """Traces by name and the symbol of their marks."""
    return {(trace.name, trace.marker.symbol): trace for trace in figure.data}


def test_recorded_latencies_leave_out_what_was_not_measured():
    assert recorded_latencies(ROWS) == {"a": Spread(4.0, 0.5), "b": Spread(1.0, 0.5), "c": Spread(2.0, 0.5)}


def test_a_variant_that_is_beaten_is_not_on_the_front():
    costs = recorded_latencies(ROWS)
    assert [row.name for row in front_of(ROWS, costs, "auc")] == ["b", "a"]  # c is dearer and worse than b
    assert [row.name for row in front_of(ROWS, costs, "accuracy")] == ["b", "c"]  # 0.3 and 0.4; a has 0.1


def test_recorded_times_are_full_marks_and_live_ones_hollow_of_the_same_colour():
    figure = trade_off(ROWS, {"a": Spread(8.0, 1.0)}, "auc", False, COLOURS)
    by_mark = traces(figure)
    assert set(by_mark) == {
        ("recorded, with its Pareto front", "circle"), ("a", "cross"), ("b", "cross"), ("c", "cross"),
        ("live, with its Pareto front", "circle-open"), ("a", "cross-open"),
    }  # fmt: skip
    recorded, live = by_mark["a", "cross"], by_mark["a", "cross-open"]
    assert (recorded.x, recorded.y, live.x, live.y) == ((4.0,), (0.9,), (8.0,), (0.9,))
    assert recorded.marker.color == live.marker.color == COLOURS["a"]
    assert (recorded.showlegend, live.showlegend) == (True, False)
    assert recorded.marker.size / by_mark["b", "cross"].marker.size == pytest.approx(1.5)  # 9 MB and 4 MB, by area
    assert recorded.hovertemplate.startswith("a, recorded<br>AUC 0.9000<br>4.00 ms per face (IQR 0.50)<br>9.00 MB")


def test_every_group_of_networks_has_a_mark_of_its_own():
    names = ("b0", "lite0", "lite0_kd", "meso4_df")
    figure = trade_off([row(name, 0.9, 1.0, megabytes=0.03) for name in names], {}, "auc", False, dict.fromkeys(names))
    marks = {trace.meta: trace.marker for trace in figure.data if trace.meta}
    assert {name: mark.symbol for name, mark in marks.items()} == dict(
        zip(names, ("circle", "square", "square", "triangle-up"), strict=True)
    )
    assert marks["meso4_df"].size == 6  # a file so small would have a mark of 1 px


def test_the_front_is_a_stepped_line_and_its_variants_are_named_once():
    figure = trade_off(ROWS, {"a": Spread(8.0, 1.0)}, "auc", False, COLOURS)
    front = traces(figure)["recorded, with its Pareto front", "circle"]
    assert (front.x, front.y, front.line.shape) == ((1.0, 4.0), (0.7, 0.9), "hv")
    assert [(note.text, note.x, note.y) for note in figure.layout.annotations] == [("a", 4.0, 0.9), ("b", 1.0, 0.7)]


def test_a_logarithmic_axis_takes_names_at_their_logarithms():
    figure = trade_off([row("a", 0.9, 100.0)], {}, "accuracy", True, COLOURS)
    assert figure.layout.xaxis.type == "log"
    assert (figure.layout.annotations[0].x, figure.layout.annotations[0].y) == (2.0, pytest.approx(0.1))
    assert figure.layout.yaxis.title.text == "accuracy on the test split"
    assert figure.layout.xaxis.title.text == "milliseconds per face"


def test_live_times_alone_are_enough():
    figure = trade_off([row("b", 0.7)], {"b": Spread(3.0, 0.1)}, "auc", True, COLOURS)
    assert set(traces(figure)) == {("live, with its Pareto front", "circle-open"), ("b", "cross-open")}
    assert traces(figure)["b", "cross-open"].showlegend


def test_curves_of_what_was_measured():
    chance, curve = roc([ROWS[0], ROWS[3]], COLOURS).data
    assert (chance.x, chance.y) == ((0, 1), (0, 1))
    assert (curve.name, curve.x, curve.y) == ("a", (0.0, 0.25, 1.0), (0.0, 0.5, 1.0))
    _, bins = reliability([ROWS[0], ROWS[3]], COLOURS).data
    assert (bins.x, bins.y, bins.customdata) == ((0.05, 0.95), (0.0, 1.0), (25, 100))
    assert bins.marker.size == (9.0, 18.0)  # a quarter of the crops, a quarter of the area


def test_bars_by_category():
    (bar,) = category_accuracy([ROWS[0], ROWS[3]], COLOURS).data
    assert (bar.x, bar.y) == (("real (3 crops)", "fake (1,200 crops)"), (0.5, 0.75))
    assert bar.marker.color == COLOURS["a"]


@pytest.mark.parametrize("figure", [roc, reliability, category_accuracy])
def test_nothing_chosen_is_an_empty_figure(figure):
    assert not [trace for trace in figure([], COLOURS).data if trace.name in COLOURS]


def test_the_clip_that_was_judged():
    def result(name, p_fake, cost):
        return VariantResult(
            name, "torch", "fake", p_fake, 1.0, 0.45, (0.35, 0.55), cost, 1.0, 0, 0.0, np.array([]), np.empty((0, 1, 1))
        )

    clip = ClipInfo("a.mp4", 2.0, 64, 48, 25.0, 0.0, np.array([0.0]), np.array([0.0]))
    judged = (result("a", 0.75, Spread(3.0, 0.5)), result("b", None, None))  # b saw no face
    judgement, threshold = clip_scatter(Report(clip, 1, (), Cpu("", 1, 1, ()), {}, judged, ()), COLOURS).data
    assert (judgement.name, judgement.x, judgement.y, judgement.error_x.array) == ("a", (3.0,), (0.75,), (0.25,))
    assert (threshold.x, threshold.y, threshold.showlegend) == ((3.0,), (0.45,), False)


def test_auc_elsewhere_is_an_axis_for_whoever_was_measured_there():
    measured = replace(ROWS[0], metrics=ROWS[0].metrics | {"elsewhere": {"auc": 0.61}})
    assert gain_of(measured, "elsewhere") == 0.61
    assert gain_of(ROWS[0], "elsewhere") is None
    figure = trade_off([measured, *ROWS[1:]], {}, "elsewhere", False, COLOURS)
    assert [trace.y for trace in figure.data if trace.name == measured.name] == [(0.61,)]
    assert not [trace for trace in figure.data if trace.name == ROWS[1].name]
    assert figure.layout.yaxis.title.text == "AUC elsewhere on held-out clips of other sources"


def elsewhere(name: str, auc: float, alarms: int, clips: int = 20) -> Released:
    families = {"swap": {"clips": clips, "auc": auc, "auc_interval": [0.4, 0.9]}}
    measured = {"auc": auc, "families": families, "false_alarms": {"clips": 40, "called_fake": alarms}}
    return replace(row(name, 0.9, 1.0), metrics={"elsewhere": measured}, params=4_000_000, macs=200_000_000)


def test_every_kind_of_forgery_is_an_axis_where_enough_clips_decide():
    assert gain_of(elsewhere("a", 0.7, 3), "elsewhere_swap") == 0.7
    assert gain_of(elsewhere("a", 0.7, 3, clips=9), "elsewhere_swap") is None
    assert list(measured_gains([elsewhere("a", 0.7, 3)])) == ["elsewhere", "elsewhere_swap", "false_alarms"]
    assert list(measured_gains(ROWS)) == ["auc", "accuracy"]


def test_of_false_alarms_fewer_are_better():
    rows = [elsewhere("a", 0.7, 8), elsewhere("b", 0.6, 2)]
    assert gain_of(rows[0], "false_alarms") == 0.2
    assert [row.name for row in front_of(rows, {"a": Spread(1, 0), "b": Spread(2, 0)}, "false_alarms")] == ["a", "b"]
    assert [row.name for row in front_of(rows, {"a": Spread(2, 0), "b": Spread(1, 0)}, "false_alarms")] == ["b"]


@pytest.mark.parametrize(("cost", "value"), [("mb", 4.0), ("params", 4.0), ("macs", 200.0)])
def test_size_and_arithmetic_are_axes_without_times(cost, value):
    one = elsewhere("a", 0.7, 3)
    figure = trade_off([one], {"a": Spread(8.0, 1.0)}, "elsewhere", False, COLOURS, cost)
    assert [trace.name for trace in figure.data] == ["Pareto front", "a"]  # live times have no place here
    assert figure.data[1].x == (value,)
    assert figure.layout.xaxis.title.text == COSTS[cost].title


def test_a_search_names_what_it_finds_and_leaves_the_rest_faint():
    figure = trade_off(ROWS, {}, "auc", False, COLOURS, search="C")
    marks = {trace.meta: trace.opacity for trace in figure.data if trace.meta}
    assert marks == {"a": 0.15, "b": 0.15, "c": 1}
    assert [note.text for note in figure.layout.annotations] == ["c"]
    assert [row.name for row in found(ROWS, "  ")] == ["a", "b", "c", "bare"]
    assert found(ROWS, "nobody") == []


def test_people_find_variants_by_what_they_call_them():
    files = {"lite0_kd_p35_int8/model.onnx": ""}
    one = Released("lite0_kd_p35_int8", "efficientnet_lite0", 160, "lite0_kd_p35_int8/model.onnx", files, 1, 1, 1)
    assert found([one], "taught 35 % 8 bit") == [one]


def test_a_logarithmic_axis_writes_every_number_in_full():
    axis = trade_off(ROWS, {}, "auc", True, COLOURS).layout.xaxis
    assert {"1", "1.5", "2", "3", "4", "10"} <= set(axis.ticktext)  # 1 to 4 ms
    wide = trade_off(ROWS, {"a": Spread(40.0, 1.0)}, "auc", True, COLOURS).layout.xaxis
    assert dict(zip(wide.tickvals, wide.ticktext, strict=True))[20.0] == "20"
    assert "3" not in wide.ticktext


def test_the_legend_lists_groups_once():
    rows = [Released(name, "n", 160, f"{name}/model.onnx", {f"{name}/model.onnx": ""}, 10**6, 1, 1,
                     metrics=ROWS[0].metrics) for name in ("b0", "lite0", "lite0_kd")]  # fmt: skip
    figure = trade_off(rows, {}, "auc", False, dict.fromkeys(("b0", "lite0", "lite0_kd"), "#6464DC"))
    assert [(trace.name, trace.showlegend) for trace in figure.data[1:]] == [
        ("EfficientNet", True), ("EfficientNet-Lite", True), ("EfficientNet-Lite", False),
    ]  # fmt: skip
