import pandas as pd

from explorer.pages.tradeoff import measured, table, where_measured
from explorer.structures import Spread
from model_zoo.errors import BadWeights
from model_zoo.manifest import Released
from tests.support.fakes import runner


def row(name, latency=None, data=None) -> Released:
    test = {"items": 2400, "auc": 0.9, "accuracy": 0.8, "log_loss": 0.4, "eer": 0.2, "ece": 0.05}
    metrics = {"test": test} | ({"latency": latency} if latency else {})
    files = {f"{name}/model.onnx": ""}
    return Released(
        name, "none", 32, f"{name}/model.onnx", files, 8_320_000, 4_000_000, 197_000_000, metrics=metrics,
        training={"data": data} if data else {},
    )  # fmt: skip


LATENCY = {"median_ms": 3.0, "iqr_ms": 0.5, "engine": "openvino", "batch": 4, "cpu": "a processor", "threads": 2}


def broken():
    raise BadWeights("model.onnx is altered")


def test_every_variant_is_timed_and_shown_as_soon_as_it_is():
    steps = list(measured({"a": runner, "broken": broken, "b": runner}))
    assert [list(live) for live, _ in steps] == [[], ["a"], ["a"], ["a"], ["a"], ["a", "b"], ["a", "b"]]
    assert "timing a: 0 of 3" in steps[0][1]
    assert "timing b: 2 of 3" in steps[4][1]
    live, sentences = steps[-1]
    assert all(cost.median > 0 and cost.iqr >= 0 for cost in live.values())
    assert "broken was not measured: model.onnx is altered." in sentences
    assert "threads, none: median of 15 batches of 4 crops of noise." in sentences  # `none` is the fake runner's engine


def test_where_nothing_can_be_measured_only_the_reasons_are_given():
    *_, (live, sentences) = measured({"broken": broken})
    assert live == {}
    assert "broken was not measured" in sentences
    assert "median" not in sentences


def test_the_table():
    rows = [row("a", LATENCY), row("b", LATENCY | {"median_ms": 5.0}), row("c")]
    facts = table(rows, {"b": Spread(2.0, 0.1), "c": Spread(4.0, 0.1)}, "auc")
    assert facts.iloc[0, :9].tolist() == ["a", 0.9, 0.8, 0.4, 0.2, 0.05, 4.0, 197.0, 8.32]
    assert facts["recorded ms"].tolist()[:2] == [3.0, 5.0]
    assert facts["live ms"].tolist()[1:] == [2.0, 4.0]
    assert pd.isna(facts["recorded ms"][2])
    assert pd.isna(facts["live ms"][0])
    assert facts["Pareto front"].tolist() == ["recorded", "live", ""]  # equally good: the cheapest
    assert table(rows, {"a": Spread(1.0, 0.1)}, "accuracy")["Pareto front"].tolist() == ["both", "", ""]


def test_the_page_says_where_its_figures_come_from():
    sentences = where_measured([row("a", LATENCY, "dfdc-faces"), row("b")])
    assert "2,400 face crops of the test split of dfdc-faces" in sentences
    assert "measured on a processor, 2 threads, openvino, 4 crops at a time." in sentences
    assert "No time was recorded for b." in sentences
    assert "this zoo records no times" in where_measured([row("b", data="dfdc-faces")])


def test_markup_in_a_manifest_is_not_followed():
    sentences = where_measured([row("a", LATENCY | {"cpu": "<script>"}, "dfdc-faces")])
    assert "<script>" not in sentences
    assert "&lt;script&gt;" in sentences
