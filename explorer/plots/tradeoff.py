"""Plotly figures of what the variants give for what they cost."""

from collections.abc import Mapping, Sequence
from math import log10, sqrt

import plotly.graph_objects as go

from explorer.plots.pareto import pareto_front
from explorer.plots.style import GRID, LAYOUT
from explorer.structures import Report, Spread
from model_zoo.manifest import ELSEWHERE, LATENCY, Released

SPLIT = "test"
GAINS = {"auc": "AUC", "accuracy": "accuracy", ELSEWHERE: "AUC elsewhere"}  # and what people call them
_MEASURED_ON = {ELSEWHERE: "held-out clips of other sources"}  # the others: on the split
_MILLISECONDS = "milliseconds per face"
_GREY = "#888888"
_RIM = dict(color=_GREY, width=1)  # dark colours stay visible on a dark page
_BELOW = dict(orientation="h", x=0, xanchor="left", y=-0.16, yanchor="top")
_FROM_0_TO_1 = dict(range=[-0.02, 1.02], **GRID)


def recorded_latencies(rows: Sequence[Released]) -> dict[str, Spread]:
    """Milliseconds per face in the manifest, by name; rows for which none were recorded are left out."""
    recorded = {row.name: row.metrics[LATENCY] for row in rows if LATENCY in row.metrics}
    return {name: Spread(cost["median_ms"], cost["iqr_ms"]) for name, cost in recorded.items()}


def gain_of(row: Released, gain: str) -> float | None:
    """A gain by its key in GAINS; None where it was not measured."""
    if gain == ELSEWHERE:
        return row.metrics.get(ELSEWHERE, {}).get("auc")
    return row.metrics.get(SPLIT, {}).get(gain)


def front_of(rows: Sequence[Released], costs: Mapping[str, Spread], gain: str) -> list[Released]:
    """The rows that no other beats in median cost and in the gain of that key, by rising cost; of those with both."""
    known = _known(rows, costs, gain)
    front = pareto_front([costs[row.name].median for row in known], [gain_of(row, gain) or 0.0 for row in known])
    return [known[i] for i in front]


def trade_off(
    rows: Sequence[Released], live: Mapping[str, Spread], gain: str, log: bool, colours: Mapping[str, str]
) -> go.Figure:
    """A gain, by its key in GAINS, against milliseconds per face; the area of a mark goes with its file's size.

    Circles are the latencies of the manifest, diamonds the `live` ones, by name. Stepped lines are the Pareto fronts;
    who is on one is named there, once.
    """
    figure = go.Figure(layout=LAYOUT)
    _add_variants(figure, rows, recorded_latencies(rows), gain, colours, "recorded", "circle", "solid", log)
    _add_variants(figure, rows, live, gain, colours, "live", "diamond", "dot", log)
    figure.update_xaxes(title=_MILLISECONDS, type="log" if log else "linear", **GRID)
    figure.update_yaxes(title=f"{GAINS[gain]} on {_MEASURED_ON.get(gain, f'the {SPLIT} split')}", **GRID)
    return figure.update_layout(height=560, legend=_BELOW)


def _add_variants(
    figure: go.Figure, rows: Sequence[Released], costs: Mapping[str, Spread], gain: str, colours: Mapping[str, str],
    when: str, symbol: str, dash: str, log: bool,
) -> None:  # fmt: skip
    """Marks of the rows at these costs, and their front; in the legend, and named, is what is not there yet."""
    front = front_of(rows, costs, gain)
    if front:
        figure.add_scatter(
            x=[costs[row.name].median for row in front], y=[gain_of(row, gain) for row in front],
            name=f"{when}, with its Pareto front", mode="lines+markers", hoverinfo="skip",
            line=dict(color=_GREY, width=1.5, dash=dash, shape="hv"), marker=dict(symbol=symbol, size=9),
        )  # fmt: skip
    listed, named = {trace.name for trace in figure.data}, {note.text for note in figure.layout.annotations}
    for row in _known(rows, costs, gain):
        cost, value = costs[row.name], gain_of(row, gain)
        figure.add_scatter(
            x=[cost.median], y=[value], name=row.name, mode="markers", legendgroup=row.name,
            showlegend=row.name not in listed,
            marker=dict(color=colours[row.name], symbol=symbol, size=7 * sqrt(row.bytes / 1e6), line=_RIM),
            hovertemplate=f"{row.name}, {when}<br>{GAINS[gain]} {value:.4f}<br>{cost.median:.2f} ms per face "
            f"(IQR {cost.iqr:.2f})<br>{row.bytes / 1e6:.2f} MB<extra></extra>",
        )  # fmt: skip
        if row in front and row.name not in named:  # above and to the left of a front there is room, slanting for all
            figure.add_annotation(
                x=log10(cost.median) if log else cost.median, y=value, text=row.name, font_size=11,
                showarrow=False, xanchor="right", yanchor="bottom", xshift=-3, yshift=3, textangle=30,
            )  # fmt: skip


def roc(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of fakes that is found against the share of real faces called fake, over all thresholds."""
    figure = _diagonal("chance")
    for row in rows:
        if curve := row.metrics.get(SPLIT, {}).get("roc"):
            figure.add_scatter(
                x=curve["false_positive_rate"], y=curve["true_positive_rate"], name=row.name, mode="lines",
                line=dict(color=colours[row.name], width=2),
                hovertemplate="%{y:.3f} of the fakes found, %{x:.3f} of the real called fake",
            )  # fmt: skip
    figure.update_xaxes(title="share of real faces called fake", **_FROM_0_TO_1)
    figure.update_yaxes(title="share of fakes found", **_FROM_0_TO_1)
    return figure


def reliability(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of fakes among crops of like p_fake against their mean p_fake; a mark's area goes with their number."""
    figure = _diagonal("p_fake means what it says")
    for row in rows:
        if bins := row.metrics.get(SPLIT, {}).get("reliability"):
            sizes = [18 * sqrt(items / max(bins["items"])) for items in bins["items"]]
            figure.add_scatter(
                x=bins["p_fake"], y=bins["fake_rate"], name=row.name, mode="lines+markers", customdata=bins["items"],
                line=dict(color=colours[row.name], width=1.5), marker=dict(size=sizes, line_width=0),
                hovertemplate="%{y:.3f} of %{customdata} crops are fake where p_fake is %{x:.3f}",
            )  # fmt: skip
    figure.update_xaxes(title="mean p_fake of the crops", **_FROM_0_TO_1)
    figure.update_yaxes(title="share of fakes among them", **_FROM_0_TO_1)
    return figure


def category_accuracy(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of right verdicts by kind of crop, at each variant's own threshold."""
    figure = go.Figure(layout=LAYOUT)
    for row in rows:
        if kinds := row.metrics.get(SPLIT, {}).get("per_category"):
            figure.add_bar(
                x=[f"{kind} ({of['items']:,} crops)" for kind, of in kinds.items()],
                y=[of["accuracy"] for of in kinds.values()], name=row.name,
                marker=dict(color=colours[row.name], line_width=0), texttemplate="%{y:.2f}", hovertemplate="%{y:.4f}",
            )  # fmt: skip
    figure.update_xaxes(title="what the crop shows", **GRID)
    figure.update_yaxes(title="share of right verdicts", range=[0, 1], **GRID)
    return figure.update_layout(height=360, barmode="group", legend=_BELOW)


def clip_scatter(report: Report, colours: Mapping[str, str]) -> go.Figure:
    """What each variant said about the clip against what a face cost it; a short bar is the variant's threshold."""
    figure = go.Figure(layout=LAYOUT)
    for result in report.variants:
        cost, colour = result.ms_per_face, colours[result.name]
        if result.p_fake is None or cost is None:
            continue
        figure.add_scatter(
            x=[cost.median], y=[result.p_fake], name=result.name, mode="markers", marker=dict(color=colour, size=12),
            error_x=dict(array=[cost.iqr / 2], thickness=1), legendgroup=result.name, showlegend=True,
            hovertemplate=f"{result.name}<br>p_fake {result.p_fake:.3f}, {result.verdict}<br>{cost.median:.2f} ms per "
            f"face (IQR {cost.iqr:.2f}) on {result.engine}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[cost.median], y=[result.threshold], mode="markers", legendgroup=result.name, showlegend=False,
            marker=dict(color=colour, size=16, symbol="line-ew-open"),
            hovertemplate=f"threshold of {result.name}: %{{y:.2f}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=_MILLISECONDS, rangemode="tozero", **GRID)
    figure.update_yaxes(title="p_fake of the clip (1 = fake)", **_FROM_0_TO_1)
    return figure.update_layout(height=420, legend=_BELOW)


def _known(rows: Sequence[Released], costs: Mapping[str, Spread], gain: str) -> list[Released]:
    return [row for row in rows if row.name in costs and gain_of(row, gain) is not None]


def _diagonal(title: str) -> go.Figure:
    """An empty square from 0 to 1 with its diagonal."""
    figure = go.Figure(layout=LAYOUT)
    line = dict(color=_GREY, dash="dash", width=1)
    figure.add_scatter(x=[0, 1], y=[0, 1], name=title, mode="lines", line=line, hoverinfo="skip")
    return figure.update_layout(height=440, legend=_BELOW)
