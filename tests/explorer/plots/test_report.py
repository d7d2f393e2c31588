"""What the figures of a report hold."""

import pytest

from explorer.plots.report import fake_probability, time_by_stage
from tests.support.reports import clip, face, judged, report

COLOURS = {"b0": "#0072B2", "lite0": "#E69F00"}
FACES = [face(0.5, 1), face(0.5, 2), face(1.5, 1), face(1.5, 2)]
B0 = judged("b0", (0.1, 0.7, 0.3, 0.9), threshold=0.5, run_ms=40.0)
LITE0 = judged("lite0", (0.2, 0.6, 0.4, 0.8), threshold=0.6, run_ms=12.4)
TWO = report(FACES, [B0, LITE0], of=clip(duration_s=2.0))


def lines(figure) -> dict[str, tuple[list[float], list[float]]]:
    """Times and probabilities of each line, by its name."""
    return {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}


def test_one_person_is_a_line_a_variant():
    figure = fake_probability(report(FACES[::2], [judged("b0", (0.1, 0.3)), judged("lite0", (0.2, 0.4))]), COLOURS)
    assert lines(figure) == {"b0": ([0.5, 1.5], [0.1, 0.3]), "lite0": ([0.5, 1.5], [0.2, 0.4])}
    assert [trace.line.color for trace in figure.data] == ["#0072B2", "#E69F00"]
    assert all(trace.showlegend for trace in figure.data)


def test_several_people_are_a_line_each_told_apart_by_dashes():
    figure = fake_probability(TWO, COLOURS)
    assert lines(figure) == {
        "b0, person 1": ([0.5, 1.5], [0.1, 0.3]),
        "b0, person 2": ([0.5, 1.5], [0.7, 0.9]),
        "lite0, person 1": ([0.5, 1.5], [0.2, 0.4]),
        "lite0, person 2": ([0.5, 1.5], [0.6, 0.8]),
    }
    assert [(trace.line.dash, trace.showlegend) for trace in figure.data] == [("solid", True), ("dash", False)] * 2


def test_one_of_several_can_be_singled_out():
    figure = fake_probability(TWO, COLOURS, person=2)
    assert lines(figure) == {
        "b0, person 2": ([0.5, 1.5], [0.7, 0.9]),
        "lite0, person 2": ([0.5, 1.5], [0.6, 0.8]),
    }
    assert all(trace.showlegend for trace in figure.data)


def test_each_variant_has_its_threshold_dotted_and_its_uncertain_band():
    shapes = fake_probability(TWO, COLOURS).layout.shapes
    assert [(shape.type, shape.y0, shape.y1) for shape in shapes] == [
        ("rect", pytest.approx(0.4), pytest.approx(0.6)), ("line", 0.5, 0.5),
        ("rect", pytest.approx(0.5), pytest.approx(0.7)), ("line", 0.6, 0.6),
    ]  # fmt: skip
    assert [(line.line.color, line.line.dash) for line in shapes[1::2]] == [("#0072B2", "dot"), ("#E69F00", "dot")]
    assert {(shape.xref, shape.x0, shape.x1) for shape in shapes} == {("x domain", 0, 1)}


def test_the_axes_span_the_clip_and_all_probabilities():
    layout = fake_probability(TWO, COLOURS).layout
    assert (layout.xaxis.title.text, layout.xaxis.range) == ("time in the clip, s", (0, 2.0))
    assert (layout.yaxis.title.text, layout.yaxis.range) == ("p_fake of the frame (1 = fake)", (-0.02, 1.02))


def test_a_bar_for_each_stage_and_each_variant_the_first_on_top():
    (bars,) = time_by_stage(TWO, COLOURS).data
    assert bars.orientation == "h"
    assert list(zip(bars.y, bars.x, bars.text, strict=True)) == [  # Plotly draws from the bottom up
        ("lite0", 12.4, "12 ms"), ("b0", 40.0, "40 ms"),
        ("crop", 3.0, "3 ms"), ("find faces", 2.0, "2 ms"), ("decode", 1.0, "1 ms"),
    ]  # fmt: skip
    assert bars.marker.color == ("#E69F00", "#0072B2", "#8a94a3", "#8a94a3", "#8a94a3")
