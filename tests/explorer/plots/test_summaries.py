"""What a figure shows, in words."""

from explorer.plots.report import fake_probability, time_by_stage
from explorer.plots.summaries import curves_in_words, values_in_words
from tests.support.reports import face, judged, report

COLOURS = {"b0": "#6464DC"}


def test_curves_are_told_by_their_ends_and_their_peak():
    one = report([face(0.0), face(1.5)], [judged("b0", (0.2, 0.9))])
    words = "p_fake over 2.0 s of the clip: Large: EfficientNet-B0 from 0.20 to 0.90, highest at 1.5 s."
    assert curves_in_words(one, [1]) == words
    assert fake_probability(one, COLOURS).layout.meta == {"summary": words}


def test_each_person_is_told_by_itself():
    two = report([face(0.0, 1), face(0.0, 2)], [judged("b0", (0.2, 0.9))])
    assert "person 1, Large: EfficientNet-B0 from 0.20 to 0.20" in curves_in_words(two, [1, 2])
    assert "person 2, Large: EfficientNet-B0 from 0.90 to 0.90" in curves_in_words(two, [1, 2])


def test_values_are_told_by_name():
    assert values_in_words("Costs", {"a": "1 ms", "b": "2 ms"}) == "Costs: a 1 ms; b 2 ms."
    assert values_in_words("Costs", {}) == "Costs: nothing."
    stages = time_by_stage(report([face()], [judged("b0")]), COLOURS).layout.meta["summary"]
    assert stages == "Where the time went: decode 1 ms; find faces 2 ms; crop 3 ms; Large: EfficientNet-B0 1 ms."
