"""Plotly figures of what the variants give for what they cost."""

from collections.abc import Mapping, Sequence
from math import log10, sqrt

import plotly.graph_objects as go

from explorer.plots.axes import COSTS, GAINS, MILLISECONDS, SPLIT
from explorer.plots.labels import stacked
from explorer.plots.palette import group_mark, looks
from explorer.plots.pareto import pareto_front
from explorer.plots.style import GRID, LAYOUT
from explorer.plots.summaries import told, values_in_words
from explorer.structures import Report, Spread
from model_zoo.manifest import LATENCY, Released
from model_zoo.variants import VARIANTS, plain_name

_GREY = "#888888"
_RIM = dict(color=_GREY, width=1)  # dark colours stay visible on a dark page
_ABOVE = 9  # pixels that a name stands above its mark: the front runs beside it
_SMALLEST = 6  # pixels of a mark
_FAINT = 0.15  # of what was not searched for
_COARSE, _FINE = (1, 2, 5), (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8)  # where a logarithmic axis has numbers, in each decade
_PATTERNS = ("", "/", "x", ".", "-", "+", "|")  # bars of one colour, side by side
_FROM_0_TO_1 = dict(range=[-0.02, 1.02], **GRID)


def recorded_latencies(rows: Sequence[Released]) -> dict[str, Spread]:
    """Milliseconds per face in the manifest, by name; rows for which none were recorded are left out."""
    recorded = {row.name: row.metrics[LATENCY] for row in rows if LATENCY in row.metrics}
    return {name: Spread(cost["median_ms"], cost["iqr_ms"]) for name, cost in recorded.items()}


def costs_of(rows: Sequence[Released], cost: str) -> dict[str, Spread]:
    """What each row costs, by a key of COSTS and by name: recorded times, or a fact without any spread."""
    if cost == MILLISECONDS:
        return recorded_latencies(rows)
    values = {row.name: COSTS[cost].of(row) for row in rows}
    return {name: Spread(value, 0.0) for name, value in values.items() if value is not None}


def gain_of(row: Released, gain: str) -> float | None:
    """A gain by its key in GAINS; None where it was not measured."""
    return GAINS[gain].of(row)


def front_of(rows: Sequence[Released], costs: Mapping[str, Spread], gain: str) -> list[Released]:
    """The rows that no other beats in median cost and in the gain of that key, by rising cost; of those with both."""
    known, sign = _known(rows, costs, gain), GAINS[gain].sign
    front = pareto_front([costs[row.name].median for row in known], [sign * (gain_of(row, gain) or 0) for row in known])
    return [known[i] for i in front]


def found(rows: Sequence[Released], search: str) -> list[Released]:
    """The rows whose name, or name for people, holds every word of the search; all of them where it is empty."""
    words = search.casefold().split()
    return [row for row in rows if all(word in f"{row.name} {plain_name(row.name)}".casefold() for word in words)]


def trade_off(
    rows: Sequence[Released], live: Mapping[str, Spread], gain: str, log: bool, colours: Mapping[str, str],
    cost: str = MILLISECONDS, search: str = "",
) -> go.Figure:  # fmt: skip
    """A gain, by its key in GAINS, against a cost, by its key in COSTS; a mark's area goes with its file's size.

    Each group of networks has its mark: full for what the manifest records, hollow for the `live` milliseconds per
    face, by name. Stepped lines are the Pareto fronts. Who is on one is named, once, and so is what is searched for;
    the rest is faint then.
    """
    figure = go.Figure(layout=LAYOUT)
    wanted = {row.name for row in found(rows, search)}
    fixed = costs_of(rows, cost)
    named = _add_variants(
        figure, rows, fixed, (cost, gain), colours, "recorded" if cost == MILLISECONDS else "", wanted
    )
    if cost == MILLISECONDS:
        named = _add_variants(figure, rows, live, (cost, gain), colours, "live", wanted) | named
    _name(figure, named, log)
    ticks = _ticks([x for trace in figure.data for x in trace.x]) if log else {}
    figure.update_xaxes(title=COSTS[cost].title, type="log" if log else "linear", **ticks, **GRID)
    figure.update_yaxes(title=GAINS[gain].title, **GRID)
    best = {row.name: GAINS[gain].form.format(gain_of(row, gain)) for row in front_of(rows, fixed, gain)}
    told(figure, values_in_words(f"{GAINS[gain].title} against {COSTS[cost].title}; on the Pareto front", best))
    return figure.update_layout(height=560)


def _add_variants(
    figure: go.Figure, rows: Sequence[Released], costs: Mapping[str, Spread], axes: tuple[str, str],
    colours: Mapping[str, str], when: str, wanted: set[str],
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Marks of the rows at these costs, and their front; gives where those stand that are to be named."""
    cost, gain = axes
    front, live = front_of(rows, costs, gain), when == "live"
    hollow, dash = ("-open", "dot") if live else ("", "solid")
    if front:
        figure.add_scatter(
            x=[costs[row.name].median for row in front], y=[gain_of(row, gain) for row in front],
            name=f"{when}, with its Pareto front" if when else "Pareto front", mode="lines+markers", hoverinfo="skip",
            line=dict(color=_GREY, width=1.5, dash=dash, shape="hv"), marker=dict(symbol=f"circle{hollow}", size=9),
        )  # fmt: skip
    listed, named = {trace.name for trace in figure.data}, {}
    for row in _known(rows, costs, gain):
        spent, value = costs[row.name], gain_of(row, gain) or 0.0
        group = VARIANTS[row.name].group if row.name in VARIANTS else row.name
        called = plain_name(row.name) + (f" ({row.name})" if row.name in VARIANTS else "")
        words = COSTS[cost].form.format(spent.median) + (f" (IQR {spent.iqr:.2f})" if spent.iqr else "")
        figure.add_scatter(
            x=[spent.median], y=[value], name=group, mode="markers", legendgroup=group, meta=row.name,
            showlegend=group not in listed, opacity=1 if row.name in wanted else _FAINT,
            marker=dict(
                color=colours[row.name], symbol=group_mark(row.name) + hollow, size=_width(row.bytes),
                line=dict(width=2.5) if live else _RIM,
            ),
            hovertemplate=f"{called}{', ' + when if when else ''}<br>{GAINS[gain].name} "
            f"{GAINS[gain].form.format(value)}<br>{words}<br>{row.bytes / 1e6:.2f} MB<extra></extra>",
        )  # fmt: skip
        listed.add(group)
        if row.name in wanted and (row in front or len(wanted) < len(rows)):
            named[row.name] = spent.median, value
    return named


def _width(size: int) -> float:
    """Pixels of a mark: its area goes with the file's bytes, down to what can still be pointed at."""
    return max(7 * sqrt(size / 1e6), _SMALLEST)


def _ticks(values: Sequence[float]) -> dict:
    """The numbers of a logarithmic axis, each in full: more of them where the values span less than a decade."""
    steps = _FINE if values and max(values) < 10 * min(values) else _COARSE
    places = [step * 10.0**power for power in range(-2, 6) for step in steps]
    return dict(tickvals=places, ticktext=[f"{place:g}" for place in places])


def _name(figure: go.Figure, named: Mapping[str, tuple[float, float]], log: bool) -> None:
    """The names beside their marks, on the side where there is room, none over another."""
    values = [y for trace in figure.data for y in trace.y]
    if not values:
        return
    room = 0.06 * (max(values) - min(values)) or 0.01
    low, high = min(values) - room, max(values) + room
    figure.update_yaxes(range=[low, high])
    places = [log10(x) if log else x for trace in figure.data for x in trace.x]
    middle = (min(places) + max(places)) / 2
    for (name, (x, y)), below in zip(named.items(), stacked([y for _, y in named.values()], low, high), strict=True):
        at, side = log10(x) if log else x, 16
        left = at > middle
        figure.add_annotation(
            x=at, y=y, text=name, font_size=11, showarrow=True, arrowhead=0, arrowwidth=0.7, arrowcolor=_GREY,
            ax=-side if left else side, ay=below - _ABOVE, xanchor="right" if left else "left", standoff=4,
        )  # fmt: skip


def roc(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of fakes that is found against the share of real faces called fake, over all thresholds."""
    figure, drawn = _diagonal("chance"), looks(row.name for row in rows)
    for row in rows:
        if curve := row.metrics.get(SPLIT, {}).get("roc"):
            figure.add_scatter(
                x=curve["false_positive_rate"], y=curve["true_positive_rate"], name=plain_name(row.name), mode="lines",
                line=dict(color=colours[row.name], width=2, dash=drawn[row.name].dash),
                hovertemplate="%{y:.3f} of the fakes found, %{x:.3f} of the real called fake",
            )  # fmt: skip
    figure.update_xaxes(title="share of real faces called fake", **_FROM_0_TO_1)
    figure.update_yaxes(title="share of fakes found", **_FROM_0_TO_1)
    return told(figure, values_in_words("ROC curves, with the area under each", _measured(rows, "auc")))


def reliability(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of fakes among crops of like p_fake against their mean p_fake; a mark's area goes with their number."""
    figure, drawn = _diagonal("p_fake means what it says"), looks(row.name for row in rows)
    for row in rows:
        if bins := row.metrics.get(SPLIT, {}).get("reliability"):
            sizes = [18 * sqrt(items / max(bins["items"])) for items in bins["items"]]
            figure.add_scatter(
                x=bins["p_fake"], y=bins["fake_rate"], name=plain_name(row.name), mode="lines+markers",
                customdata=bins["items"],
                line=dict(color=colours[row.name], width=1.5, dash=drawn[row.name].dash),
                marker=dict(size=sizes, line_width=0, symbol=drawn[row.name].mark),
                hovertemplate="%{y:.3f} of %{customdata} crops are fake where p_fake is %{x:.3f}",
            )  # fmt: skip
    figure.update_xaxes(title="mean p_fake of the crops", **_FROM_0_TO_1)
    figure.update_yaxes(title="share of fakes among them", **_FROM_0_TO_1)
    return told(figure, values_in_words("Calibration curves, with the expected error of each", _measured(rows, "ece")))


def category_accuracy(rows: Sequence[Released], colours: Mapping[str, str]) -> go.Figure:
    """The share of right verdicts by kind of crop, at each variant's own threshold."""
    figure = go.Figure(layout=LAYOUT)
    for i, row in enumerate(rows):
        if kinds := row.metrics.get(SPLIT, {}).get("per_category"):
            figure.add_bar(
                x=[f"{kind} ({of['items']:,} crops)" for kind, of in kinds.items()],
                y=[of["accuracy"] for of in kinds.values()], name=plain_name(row.name),
                marker=dict(color=colours[row.name], line_width=0, pattern_shape=_PATTERNS[i % len(_PATTERNS)]),
                texttemplate="%{y:.2f}", hovertemplate="%{y:.4f}",
            )  # fmt: skip
    figure.update_xaxes(title="what the crop shows", **GRID)
    figure.update_yaxes(title="share of right verdicts", range=[0, 1], **GRID)
    told(figure, values_in_words("Right verdicts by what the crop shows; over all", _measured(rows, "accuracy")))
    return figure.update_layout(height=360, barmode="group")


def clip_scatter(report: Report, colours: Mapping[str, str]) -> go.Figure:
    """What each variant said about the clip against what a face cost it; a short bar is the variant's threshold."""
    figure, drawn = go.Figure(layout=LAYOUT), looks(result.name for result in report.variants)
    for result in report.variants:
        cost, colour = result.ms_per_face, colours[result.name]
        if result.p_fake is None or cost is None:
            continue
        figure.add_scatter(
            x=[cost.median], y=[result.p_fake], name=plain_name(result.name), mode="markers",
            marker=dict(color=colour, size=12, symbol=drawn[result.name].mark),
            error_x=dict(array=[cost.iqr / 2], thickness=1), legendgroup=result.name, showlegend=True,
            hovertemplate=f"{result.name}<br>p_fake {result.p_fake:.3f}, {result.verdict}<br>{cost.median:.2f} ms per "
            f"face (IQR {cost.iqr:.2f}) on {result.engine}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[cost.median], y=[result.threshold], mode="markers", legendgroup=result.name, showlegend=False,
            marker=dict(color=colour, size=16, symbol="line-ew-open"),
            hovertemplate=f"threshold of {result.name}: %{{y:.2f}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=COSTS[MILLISECONDS].title, rangemode="tozero", **GRID)
    figure.update_yaxes(title="p_fake of the clip (1 = fake)", **_FROM_0_TO_1)
    judged = {
        plain_name(each.name): f"{each.p_fake:.2f} at {each.ms_per_face.median:.1f} ms"
        for each in report.variants
        if each.p_fake is not None and each.ms_per_face
    }
    told(figure, values_in_words("p_fake of the clip against milliseconds per face", judged))
    return figure.update_layout(height=420)


def _measured(rows: Sequence[Released], key: str) -> dict[str, str]:
    """A measure on the test split, in words, of the rows that have it."""
    split = {plain_name(row.name): row.metrics.get(SPLIT, {}).get(key) for row in rows}
    return {name: f"{value:.3f}" for name, value in split.items() if value is not None}


def _known(rows: Sequence[Released], costs: Mapping[str, Spread], gain: str) -> list[Released]:
    return [row for row in rows if row.name in costs and gain_of(row, gain) is not None]


def _diagonal(title: str) -> go.Figure:
    """An empty square from 0 to 1 with its diagonal."""
    figure = go.Figure(layout=LAYOUT)
    line = dict(color=_GREY, dash="dash", width=1)
    figure.add_scatter(x=[0, 1], y=[0, 1], name=title, mode="lines", line=line, hoverinfo="skip")
    return figure.update_layout(height=440)
