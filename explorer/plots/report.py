"""Plotly figures of a report."""

import numpy as np
import plotly.graph_objects as go

from explorer.plots.style import GRID, LAYOUT
from explorer.structures import Report

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")  # one per person


def fake_probability(report: Report, colours: dict[str, str], person: int | None = None) -> go.Figure:
    """Every variant's p_fake over time, a line per person or for one; dotted the threshold, grey the uncertain band."""
    figure = go.Figure(layout=LAYOUT)
    times = np.array([face.time_s for face in report.faces])
    persons = np.array([face.person for face in report.faces])
    several = len(np.unique(persons)) > 1
    for result in report.variants:
        for who in np.unique(persons) if person is None else [person]:
            own = persons == who
            figure.add_scatter(
                x=times[own].tolist(), y=result.frame_p_fake[own].tolist(), mode="lines+markers", marker_size=5,
                name=result.name + f", person {who}" * several, legendgroup=result.name,
                showlegend=person is not None or bool(who == persons[0]), hovertemplate="%{y:.3f} at %{x:.2f} s",
                line=dict(color=colours[result.name], width=2, dash=_DASHES[(who - 1) % len(_DASHES)]),
            )  # fmt: skip
    across, shapes = dict(xref="x domain", x0=0, x1=1), []
    for result in report.variants:
        low, high = result.uncertain
        grey = dict(fillcolor="#888", opacity=0.15 / len(report.variants), line_width=0)
        shapes.append(dict(type="rect", y0=low, y1=high, **across, **grey))
        line = dict(color=colours[result.name], dash="dot", width=1)
        shapes.append(dict(type="line", y0=result.threshold, y1=result.threshold, **across, line=line))
    figure.update_layout(shapes=shapes)  # one by one they take ten times as long
    figure.update_xaxes(title="time in the clip, s", range=[0, max(report.clip.duration_s, 0.1)], **GRID)
    figure.update_yaxes(title="p_fake of the frame (1 = fake)", range=[-0.02, 1.02], **GRID)
    return figure.update_layout(height=340, hovermode="x unified")


def time_by_stage(report: Report, colours: dict[str, str]) -> go.Figure:
    """Where the time went: one bar a stage, in milliseconds of wall clock."""
    names = {"decode": "decode", "find_faces": "find faces", "crop": "crop"}
    rows = [(names[stage], milliseconds, "#8a94a3") for stage, milliseconds in report.stages_ms.items()]
    rows += [(result.name, result.run_ms, colours[result.name]) for result in report.variants]
    labels, values, shades = zip(*reversed(rows), strict=True)
    figure = go.Figure(layout=LAYOUT)
    figure.add_bar(
        y=labels, x=values, orientation="h", marker_color=shades, text=[f"{value:.0f} ms" for value in values],
        textposition="auto", hovertemplate="%{y}: %{x:.1f} ms<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="milliseconds", **GRID)
    return figure.update_layout(height=114 + 34 * len(rows), showlegend=False, margin_t=36)
