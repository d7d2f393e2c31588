"""The Trade-off tab: what each variant gives for what it costs, as recorded and on this machine."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import gradio as gr
import pandas as pd
from pandas.io.formats.style import Styler

from explorer.cpu import cpu_facts
from explorer.detectors import openers, rows_of
from explorer.inference.engines import BATCH_SIZE
from explorer.inference.latency import BATCHES, Latency, time_each
from explorer.pages.components.job_progress import TIMING, JobProgress
from explorer.pages.components.jobs import ONE_AT_A_TIME
from explorer.pages.components.kept import KeptReport, restored_report
from explorer.pages.components.messages import sentence
from explorer.plots.axes import COSTS, MILLISECONDS, SPLIT, measured_gains
from explorer.plots.palette import colours, completed
from explorer.plots.tradeoff import (
    category_accuracy,
    clip_scatter,
    found,
    front_of,
    recorded_latencies,
    reliability,
    roc,
    trade_off,
)
from explorer.structures import OpenRunner, Progress, Spread, VariantError
from explorer.turns import WORK
from model_zoo.manifest import LATENCY, Released
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

_MEASURES = {"auc": "AUC", "accuracy": "accuracy", "log_loss": "log loss", "eer": "EER", "ece": "ECE"}
_COSTS = {
    "params, M": "{:.2f}",
    "MACs, M": "{:.0f}",
    "size, MB": "{:.2f}",
    "recorded ms": "{:.2f}",
    "live ms": "{:.2f}",
}
_CHART = """A mark is a variant, its colour and shape the kind of network: full marks are what was recorded, hollow
ones live; the larger the mark, the larger the file. The stepped line is the **Pareto front**: of the variants named
there, none is beaten by one that costs less and is at least as good. Left is better; up, too, but for false alarms.
Live times suffer from whatever else this machine does."""
_CURVES = """**Finding fakes** (ROC curve): the lower the threshold on p_fake, the more fakes are found, and the more
real faces are called fake. Nearer to the upper left corner is better. **Meaning of p_fake** (calibration): crops sorted
into ten bins by p_fake. On the diagonal, 70 % of the crops with a p_fake of 0.7 are fakes; below it p_fake is too high,
above it too low. Larger marks stand for more crops."""
_GLOSSARY = """- **AUC**: of a fake and a real face drawn at random, how often the fake has the higher p_fake (0.5 =
  guessing, 1 = always). It is the area under the ROC curve.
- **accuracy**: the share of right verdicts at the variant's own threshold.
- **log loss**: the penalty for p_fake far from the truth (0 = none, 0.69 = always saying 0.5).
- **EER**, equal error rate: the share of errors at the threshold where real and fake faces are mistaken equally often.
- **ECE**, expected calibration error: how far p_fake lies from the share of fakes it stands for, on average.
- **MACs**: multiply-accumulates, the arithmetic of one face crop. **M**: millions.
- **ms per face**: milliseconds for a face crop, the median; **IQR**, interquartile range: how wide the middle half of
  the times is. Live times are of this machine, now, with whatever else it does."""


def build_page(zoo: Zoo, last_run: gr.State | None = None, tab: gr.Tab | None = None) -> None:
    """Lay the page out inside the current Blocks; the KeptReport in `last_run` is drawn whenever `tab` is selected."""
    rows = list(rows_of(zoo).values())
    palette = colours(row.name for row in rows)
    gr.Markdown(where_measured(rows), elem_id="where-measured")
    _costs(zoo, rows, palette)
    _curves(rows, palette)
    if last_run is not None and tab is not None:
        gr.Markdown("## The same for this clip")
        about = gr.HTML(elem_id="clip-said")  # a clip's name is no Markdown
        figure = gr.Plot(show_label=False, elem_id="clip-trade-off")
        tab.select(partial(_last_run, palette=palette), last_run, [about, figure], api_visibility="private")


def _costs(zoo: Zoo, rows: Sequence[Released], palette: Mapping[str, str]) -> None:
    """The chart and the table, and the button that measures."""
    timed = openers(zoo, [row.name for row in rows if row.params])  # scores from elsewhere cost nothing here
    with gr.Row():
        gains = [(axis.name, key) for key, axis in measured_gains(rows).items()]
        gain = gr.Dropdown(gains, value=gains[0][1] if gains else None, label="Vertical axis", filterable=False)
        costs = [(axis.name, key) for key, axis in COSTS.items()]
        cost = gr.Dropdown(costs, value=MILLISECONDS, label="Horizontal axis", filterable=False)
        scale = gr.Radio(["logarithmic", "linear"], value="logarithmic", label="Horizontal scale")
    with gr.Row(equal_height=True):
        search = gr.Textbox(label="Find by name", placeholder="int8, taught, 35 % ...", max_length=64, elem_id="search")
        run = gr.Button("Measure on this machine", variant="primary", elem_id="measure")
    status = gr.HTML(elem_id="measure-status")
    live = gr.State({})

    def draw(gain: str, cost: str, scale: str, search: str, live: dict[str, Spread]) -> tuple:
        if not gain:
            return None, _formatted(table(found(rows, search), live, "auc"))
        figure = trade_off(rows, live, gain, scale == "logarithmic", palette, cost, search)
        return figure, _formatted(table(found(rows, search), live, gain))

    def measure(*settings: str) -> Iterator[tuple]:
        yield from WORK.in_turn(lambda: measured_anew(*settings), (gr.skip(),) * 4)

    def measured_anew(gain: str, cost: str, scale: str, search: str) -> Iterator[tuple]:
        drawn = None
        for latencies, state in measured(timed):
            skip = latencies is drawn
            yield latencies, state, *((gr.skip(), gr.skip()) if skip else draw(gain, cost, scale, search, latencies))
            drawn = latencies

    asked: list[Any] = [gain, cost, scale, search]
    figure, cells = draw(gain.value, MILLISECONDS, "logarithmic", "", {})
    chart = gr.Plot(figure, show_label=False, elem_id="trade-off")
    gr.Markdown(_CHART, elem_classes="small")
    facts = gr.Dataframe(cells, interactive=False, max_height=620, pinned_columns=1, elem_id="trade-off-table")
    with gr.Accordion("What the columns mean", open=False):
        gr.Markdown(_GLOSSARY)
    for choice in asked:
        choice.change(draw, [*asked, live], [chart, facts], api_visibility="private", trigger_mode="always_last")
    run.click(measure, asked, [live, status, chart, facts], api_visibility="private", **ONE_AT_A_TIME)


def _curves(rows: Sequence[Released], palette: Mapping[str, str]) -> None:
    """ROC, calibration and accuracy by category of the variants that are ticked."""

    def draw(chosen: list[str]) -> list:
        ticked = [row for row in rows if row.name in chosen]
        return [figure_of(ticked, palette) for figure_of in (roc, reliability, category_accuracy)]

    names = [row.name for row in rows]
    first = [name for name in names if name in SHOWN_FIRST]
    chosen = gr.CheckboxGroup(names, value=first, label="Variants in the figures below")
    figures = draw(first)
    with gr.Row():
        left = gr.Plot(figures[0], label="Finding fakes", min_width=320)
        right = gr.Plot(figures[1], label="Meaning of p_fake", min_width=320)
    gr.Markdown(_CURVES, elem_classes="small")
    below = gr.Plot(figures[2], label="Accuracy by what the crop shows")
    chosen.change(draw, chosen, [left, right, below], api_visibility="private")


def where_measured(rows: Sequence[Released]) -> str:
    """Markdown sentences on the data, the split and the processor of the manifest's figures."""
    data = sorted({str(row.training["data"]) for row in rows if "data" in row.training})
    items = sorted({row.metrics[SPLIT]["items"] for row in rows if SPLIT in row.metrics})
    crops = " or ".join(f"{n:,}" for n in items) or "no"
    costs = [row.metrics[LATENCY] for row in rows if LATENCY in row.metrics]
    places = sorted({f"{c['cpu']}, {c['threads']} threads, {c['engine']}, {c['batch']} crops at a time" for c in costs})
    lacking = [row.name for row in rows if LATENCY not in row.metrics]
    paragraphs = [
        f"**How good**: measured on {crops} face crops of the {SPLIT} split of {' and '.join(data)}, each by itself. "
        "None was used in training or for choosing; a person may appear in training and in testing.",
        f"**How quick, recorded**: measured on {'; '.join(places) or 'no processor; this zoo records no times'}.",
        f"No time was recorded for {', '.join(lacking)}." if places and lacking else "",
        "**How quick, live**: the processor that serves this page, when you press the button.",
    ]
    return escape("\n\n".join(filter(None, paragraphs)), quote=False)


def measured(runners: Mapping[str, OpenRunner]) -> Iterator[tuple[dict[str, Spread], str]]:
    """Time all variants; after each step the milliseconds per face so far, by name, and the state of things as HTML.

    A variant that cannot be opened is named in a sentence, the others are timed.
    """
    live: dict[str, Spread] = {}
    engines, broken, progress = set(), "", JobProgress(TIMING)
    for event in time_each(runners):
        match event:
            case Progress():
                bar = progress.bar(event)
            case Latency():
                live = live | {event.name: event.ms_per_face}
                engines.add(event.engine)
            case VariantError():
                broken += sentence(f"{event.variant} was not measured: {event.message}.", "error")
        yield live, bar + broken
    cpu, how = cpu_facts(), f"median of {BATCHES} batches of {BATCH_SIZE} crops of noise"
    done = f"Measured on {cpu.model}, {cpu.threads} threads, {' and '.join(sorted(engines))}: {how}."
    yield live, (sentence(done) if live else "") + broken


def table(rows: Sequence[Released], live: Mapping[str, Spread], gain: str) -> pd.DataFrame:
    """A row per variant: measures on the test split, costs, and which Pareto front it is on; NaN: not measured."""
    recorded = recorded_latencies(rows)
    fronts = {"recorded": front_of(rows, recorded, gain), "live": front_of(rows, live, gain)}
    cells = []
    for row in rows:
        measures = [row.metrics.get(SPLIT, {}).get(key) for key in _MEASURES]
        times = [costs[row.name].median if row.name in costs else None for costs in (recorded, live)]
        on = [when for when, front in fronts.items() if row in front]
        cells.append(
            [
                row.name,
                *measures,
                row.params / 1e6,
                row.macs / 1e6 or None,  # not counted of a guest
                row.bytes / 1e6,
                *times,
                "both" if len(on) > 1 else "".join(on),
            ]
        )
    return pd.DataFrame(cells, columns=["variant", *_MEASURES.values(), *_COSTS, "Pareto front"])


def _formatted(facts: pd.DataFrame) -> Styler:
    """The same with fixed digits; it is sorted by the numbers, not by their digits."""
    return facts.style.format(dict.fromkeys(_MEASURES.values(), "{:.4f}") | _COSTS, na_rep="\N{EN DASH}")


def _last_run(run: KeptReport | None, palette: Mapping[str, str]) -> tuple:
    """A sentence about the last clip, as HTML, and its figure; before the first run the figure is None."""
    report = restored_report(run)
    if report is None:
        return sentence("Analyse a clip in the Compare tab first; its verdicts and times will stand here."), None
    cpu, shades = report.cpu, completed(palette, [result.name for result in report.variants])
    faces = f"{len(report.faces)} face{'s' * (len(report.faces) != 1)}"
    about = f"{report.clip.name}, {faces}, timed on {cpu.model}, {cpu.threads} threads."
    return sentence(f"{about} The short bars are the variants' thresholds."), clip_scatter(report, shades)
