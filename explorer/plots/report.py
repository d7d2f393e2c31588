"""Plotly figures of a report."""

import numpy as np
import plotly.graph_objects as go

from explorer.plots.palette import looks
from explorer.plots.style import GRID, LAYOUT, TOP
from explorer.plots.summaries import curves_in_words, told, values_in_words
from explorer.structures import Report, VariantResult
from model_zoo.variants import plain_name

MAX_LANES = 4  # people who have a lane each; of more, the most suspicious ones
_LANE, _BELOW = 200, 174  # pixels of a lane, and of what lies below all of them


def fake_probability(report: Report, colours: dict[str, str], person: int | None = None) -> go.Figure:
    """Every variant's p_fake over time, a lane per person or for one; the grey band is where any of them is unsure.

    Of many people the most suspicious have lanes. `colours` maps a variant's name to "#rrggbb".
    """
    times = np.array([face.time_s for face in report.faces])
    persons = np.array([face.person for face in report.faces])
    lanes = shown_people(report) if person is None else [person]
    figure = go.Figure(layout=LAYOUT).set_subplots(rows=len(lanes), cols=1, shared_xaxes=True, vertical_spacing=0.06)
    drawn = looks(result.name for result in report.variants)
    for lane, who in enumerate(lanes, start=1):
        own = persons == who
        for result in report.variants:
            look, name = drawn[result.name], plain_name(result.name)
            figure.add_scatter(
                x=times[own].tolist(), y=result.frame_p_fake[own].tolist(), name=name, legendgroup=result.name,
                mode="lines+markers", marker=dict(size=6, symbol=look.mark), showlegend=lane == 1, row=lane, col=1,
                line=dict(color=colours[result.name], width=2, dash=look.dash, shape=_shape(result)),
                hovertemplate="%{y:.3f} at %{x:.2f} s",
            )  # fmt: skip
        title = "p_fake" if len(np.unique(persons)) == 1 else f"person {who}, p_fake"
        figure.update_yaxes(title=title, range=[-0.02, 1.02], row=lane, col=1, **GRID)
    figure.update_layout(shapes=[_unsure_band(report, lane) for lane in range(len(lanes))] if report.variants else [])
    figure.update_xaxes(range=[0, max(report.clip.duration_s, 0.1)], **GRID)
    figure.update_xaxes(title="time in the clip, s", row=len(lanes), col=1)
    height = max(_LANE * len(lanes), 240) + _BELOW
    told(figure, curves_in_words(report, lanes))
    return figure.update_layout(height=height, margin_b=_BELOW - TOP)


def _shape(result: VariantResult) -> str:
    """Steps for what is said of whole slices."""
    return "hvh" if result.slices else "linear"


def shown_people(report: Report) -> list[int]:
    """The people who have a lane, in their order: all, or the MAX_LANES most suspicious ones."""
    everybody = sorted({face.person for face in report.faces})
    if len(everybody) <= MAX_LANES:
        return everybody
    highest = dict.fromkeys(everybody, 0.0)
    for result in report.variants:
        for score in result.people:
            highest[score.person] = max(highest[score.person], score.p_fake)
    return sorted(sorted(everybody, key=lambda who: -highest[who])[:MAX_LANES])


def _unsure_band(report: Report, lane: int) -> dict:
    """From the lowest p_fake at which a variant is unsure to the highest, across a lane; thresholds in words."""
    axis = "" if lane == 0 else str(lane + 1)
    thresholds = sorted({round(result.threshold, 2) for result in report.variants})
    between = f"{thresholds[0]:.2f}" + (f" to {thresholds[-1]:.2f}" if len(thresholds) > 1 else "")
    words = dict(text=f"unsure; threshold {between}", textposition="top left", font=dict(size=10))
    return dict(
        type="rect", xref=f"x{axis} domain", yref=f"y{axis}", x0=0, x1=1, layer="below", line_width=0,
        y0=min(result.uncertain[0] for result in report.variants),
        y1=max(result.uncertain[1] for result in report.variants),
        fillcolor="rgba(136,136,136,0.18)", label=words if lane == 0 else {},
    )  # fmt: skip


def time_by_stage(report: Report, colours: dict[str, str]) -> go.Figure:
    """Where the time went: one bar a stage, in milliseconds of wall clock."""
    titles = {"decode": "decode", "find_faces": "find faces", "crop": "crop"}
    rows = [(titles[stage], milliseconds, "#8a94a3") for stage, milliseconds in report.stages_ms.items()]
    rows += [(plain_name(result.name), result.run_ms, colours[result.name]) for result in report.variants]
    labels, values, shades = zip(*reversed(rows), strict=True)
    figure = go.Figure(layout=LAYOUT)
    figure.add_bar(
        y=labels, x=values, orientation="h", marker_color=shades, text=[f"{value:.0f} ms" for value in values],
        textposition="auto", cliponaxis=False, hovertemplate="%{y}: %{x:.1f} ms<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="milliseconds", **GRID)
    told(figure, values_in_words("Where the time went", {name: f"{ms:.0f} ms" for name, ms, _ in rows}))
    return figure.update_layout(height=108 + 34 * len(rows), showlegend=False, yaxis_automargin=True, margin_b=48)
