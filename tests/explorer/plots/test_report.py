"""What the figures of a report hold."""

import pytest

from explorer.plots.report import fake_probability, shown_people, time_by_stage
from explorer.plots.style import MODE_BAR
from explorer.structures import PersonScore, Slice
from tests.support.reports import clip, face, judged, report

COLOURS = {"b0": "#0072B2", "lite0": "#E69F00"}
FACES = [face(0.5, 1), face(0.5, 2), face(1.5, 1), face(1.5, 2)]
B0 = judged("b0", (0.1, 0.7, 0.3, 0.9), threshold=0.5, run_ms=40.0)
LARGE, SMALL = "Large: EfficientNet-B0", "Small: Lite0"  # what people call them
LITE0 = judged("lite0", (0.2, 0.6, 0.4, 0.8), threshold=0.6, run_ms=12.4)
TWO = report(FACES, [B0, LITE0], of=clip(duration_s=2.0))


def lines(figure) -> dict[str, tuple[list[float], list[float]]]:
    """Times and probabilities of each line, by its name."""
    return {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}


def test_one_person_is_a_line_a_variant():
    figure = fake_probability(report(FACES[::2], [judged("b0", (0.1, 0.3)), judged("lite0", (0.2, 0.4))]), COLOURS)
    assert lines(figure) == {LARGE: ([0.5, 1.5], [0.1, 0.3]), SMALL: ([0.5, 1.5], [0.2, 0.4])}
    assert [trace.line.color for trace in figure.data] == ["#0072B2", "#E69F00"]
    assert all(trace.showlegend for trace in figure.data)


def test_what_is_said_of_slices_is_drawn_as_steps():
    sliced = judged("lite0", (0.2, 0.4), slices=(Slice(1, 0.0, 0.6, 0.2), Slice(1, 1.2, 1.8, 0.4)))
    figure = fake_probability(report(FACES[::2], [judged("b0", (0.1, 0.3)), sliced]), COLOURS)
    assert [trace.line.shape for trace in figure.data] == ["linear", "hvh"]


def test_several_people_have_a_lane_each():
    figure = fake_probability(TWO, COLOURS)
    drawn = [(trace.name, trace.yaxis or "y", list(trace.y), trace.showlegend) for trace in figure.data]
    assert drawn == [
        (LARGE, "y", [0.1, 0.3], True), (SMALL, "y", [0.2, 0.4], True),
        (LARGE, "y2", [0.7, 0.9], False), (SMALL, "y2", [0.6, 0.8], False),
    ]  # fmt: skip
    titles = figure.layout.yaxis.title.text, figure.layout.yaxis2.title.text
    assert titles == ("person 1, p_fake", "person 2, p_fake")
    assert figure.layout.xaxis.matches == "x2"  # one time axis


def test_one_of_several_can_be_singled_out():
    figure = fake_probability(TWO, COLOURS, person=2)
    assert lines(figure) == {LARGE: ([0.5, 1.5], [0.7, 0.9]), SMALL: ([0.5, 1.5], [0.6, 0.8])}
    assert all(trace.showlegend for trace in figure.data)


def test_of_many_people_the_most_suspicious_have_lanes():
    faces = [face(0.5, who) for who in range(1, 8)]
    scores = tuple(PersonScore(who, 1, p_fake, "real") for who, p_fake in zip(range(1, 8), P_FAKE, strict=True))
    crowd = report(faces, [judged("b0", P_FAKE, people=scores)])
    assert shown_people(crowd) == [2, 4, 5, 7]
    assert len(fake_probability(crowd, COLOURS).data) == 4


P_FAKE = (0.1, 0.9, 0.2, 0.8, 0.7, 0.3, 0.6)


def test_lines_are_told_apart_without_colours():
    traces = fake_probability(TWO, COLOURS).data[:2]
    assert len({(trace.line.dash, trace.marker.symbol, trace.line.color) for trace in traces}) == 2
    small = fake_probability(report(FACES[::2], [judged("lite0", (0, 1)), judged("lite0_kd", (0, 1))]), MORE).data
    assert len({(trace.line.dash, trace.marker.symbol) for trace in small}) == 2  # of one group, so of one colour


MORE = COLOURS | {"lite0_kd": "#E69F00"}


def test_one_band_says_where_any_of_them_is_unsure():
    shapes = fake_probability(TWO, COLOURS).layout.shapes
    bands = [(shape.yref, shape.y0, shape.y1, shape.label.text) for shape in shapes]
    assert bands == [
        ("y", pytest.approx(0.4), pytest.approx(0.7), "unsure; threshold 0.50 to 0.60"),
        ("y2", pytest.approx(0.4), pytest.approx(0.7), None),
    ]


def test_nothing_lies_over_the_lines():
    layout = fake_probability(TWO, COLOURS).layout
    assert layout.hovermode == "closest"
    assert (layout.legend.yref, layout.legend.y, layout.legend.yanchor) == ("container", 0, "bottom")
    assert set(MODE_BAR) <= set(layout.modebar.remove)


def test_the_axes_span_the_clip_and_all_probabilities():
    layout = fake_probability(TWO, COLOURS).layout
    assert (layout.xaxis2.title.text, layout.xaxis.range) == ("time in the clip, s", (0, 2.0))
    assert (layout.yaxis.title.text, layout.yaxis.range) == ("person 1, p_fake", (-0.02, 1.02))


def test_a_bar_for_each_stage_and_each_variant_the_first_on_top():
    (bars,) = time_by_stage(TWO, COLOURS).data
    assert bars.orientation == "h"
    assert list(zip(bars.y, bars.x, bars.text, strict=True)) == [  # Plotly draws from the bottom up
        (SMALL, 12.4, "12 ms"), (LARGE, 40.0, "40 ms"),
        ("crop", 3.0, "3 ms"), ("find faces", 2.0, "2 ms"), ("decode", 1.0, "1 ms"),
    ]  # fmt: skip
    assert bars.marker.color == ("#E69F00", "#0072B2", "#8a94a3", "#8a94a3", "#8a94a3")
