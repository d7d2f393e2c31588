"""The Zoo tab: the facts of every released variant, straight from the manifest."""

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import urlencode

import gradio as gr
import pandas as pd

from explorer.measured import COLUMNS, NOT_MEASURED, cells
from explorer.pages.components.guest_words import guest_list
from model_zoo.errors import ZooError
from model_zoo.families import family_titles
from model_zoo.manifest import ELSEWHERE, Released, read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo

_FACTS = ("variant", "group", "network", "input, px", "parameters, M", "MACs, M", "size, MB")
_ELSEWHERE = """**Elsewhere**: AUC at clip level on clips of sources that neither training nor calibration has seen,
with its 95 % interval and the number of clips; fewer than 10 decide nothing. *Live swaps, paired*: beside the very
recordings they were made from. *False alarms*: real clips called fake."""
_METRICS = {"auc": "test AUC", "accuracy": "test accuracy", "log_loss": "test log loss"}
_FORMS = {"parameters, M": "{:.2f}", "MACs, M": "{:.0f}", "size, MB": "{:.2f}"} | dict.fromkeys(
    _METRICS.values(), "{:.4f}"
)  # every row with as many digits, sorted by the numbers all the same
_WIDTHS: list[int | str] = ["170px", "150px", "280px", *["110px"] * 7]  # a phone scrolls, and breaks no word


def build_page(zoo: Zoo) -> None:
    """Lay the tab out inside the current Blocks."""
    gr.Markdown(f"**{escape(zoo.describe())}**", elem_id="which-zoo")
    gr.Markdown(
        "Metrics are frame level, on the test split of the DFDC face crops that the README describes "
        "(2,400 crops of as many videos). Actors are not labelled: a person may appear in training and in testing."
    )
    rows = [_row(row) for row in read_manifest(zoo.release).variants.values()]
    headers = [*_FACTS, *_METRICS.values()]
    formatted = pd.DataFrame(rows, columns=headers).style.format(_FORMS, na_rep=NOT_MEASURED)
    gr.Dataframe(
        formatted, headers=headers, interactive=False, pinned_columns=1, column_widths=_WIDTHS, elem_id="zoo-facts"
    )
    gr.HTML(guest_list(zoo), visible=bool(zoo.guests or zoo.refused), elem_id="guests")
    _elsewhere([row for row in read_manifest(zoo.release).variants.values() if ELSEWHERE in row.metrics])
    gr.Markdown(
        "Weights were trained on the Deepfake Detection Challenge and on portraits: research use, not commercial. "
        "Verdicts are statistical opinions; never rest an accusation on one. They know the manipulations of that data "
        "and forgeries made of its real faces; other kinds, strong compression and small faces mislead them.\n\n"
        "**Privacy.** Clips are analysed on this server alone and sent nowhere. "
        "Uploads and results are deleted within two hours."
    )
    names = [str(row[0]) for row in rows]
    chosen = gr.Dropdown(names, value=names[0], label="Model card: training data, recipe, metrics", elem_id="card-of")
    with gr.Row():
        link = gr.HTML(netron_link(zoo, names[0]), elem_id="netron")
        bundled = zoo.here
        graph = gr.DownloadButton("Its graph (ONNX)", value=_graph(zoo, names[0]), visible=bundled, elem_id="graph")
    card = gr.Markdown(_card(zoo, names[0]), elem_id="model-card")

    def choose(name: str) -> tuple[str, str, Any]:
        path = _graph(zoo, name)
        return _card(zoo, name), netron_link(zoo, name), gr.skip() if path is None else gr.DownloadButton(value=path)

    chosen.input(choose, chosen, [card, link, graph], api_visibility="private", show_progress="hidden")


def _elsewhere(rows: Sequence[Released]) -> None:
    """What the variants do on clips of other sources, and at what cost; nothing where that was not measured."""
    if not rows:
        return
    gr.Markdown(_ELSEWHERE)
    table = [[row.name, *cells(row), family_titles(row.guesses_on) or "-"] for row in rows]
    headers = ["variant", *COLUMNS, "no better than chance at"]
    widths: list[int | str] = [_WIDTHS[0], *["150px"] * (len(headers) - 1)]
    gr.Dataframe(
        table, headers=headers, interactive=False, pinned_columns=1, column_widths=widths, elem_id="zoo-elsewhere"
    )


def _card(zoo: Zoo, name: str) -> str:
    """A variant's model card without its front matter."""
    try:
        if name not in read_manifest(zoo.release).variants:
            return ""
    except ZooError as error:  # damaged since the start
        return escape(f"{error}.")
    path = zoo.release / name / "README.md"
    if not path.is_file():  # a zoo from the Hub is fetched without its cards
        return (
            f"[{name} at {zoo.revision[:7]}](https://huggingface.co/{zoo.source}/blob/{zoo.revision}/{name}/README.md)"
        )
    return path.read_text(encoding="utf-8").split("---\n", 2)[-1]


def netron_link(zoo: Zoo, name: str) -> str:
    """A link that opens a variant's graph in Netron; a bundled one has no address that Netron could fetch."""
    if zoo.here:
        return (
            '<p class="small">Open the graph in <a href="https://netron.app" target="_blank" rel="noopener noreferrer">'
            "Netron</a>: download it, and drop it there. It shows every layer; nothing is uploaded.</p>"
        )
    file = f"https://huggingface.co/{zoo.source}/resolve/{zoo.revision}/{name}/model.onnx"
    url = f"https://netron.app/?{urlencode({'url': file})}"
    words = f"Open the graph of {name} in Netron"
    return f'<p><a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(words)}</a></p>'


def _graph(zoo: Zoo, name: str) -> str | None:
    """The path of a bundled variant's graph; None where it is none of the manifest's, or lies on the Hub."""
    try:
        known = read_manifest(zoo.release).variants.get(name)
    except ZooError:  # damaged since the start
        return None
    path = zoo.release / known.graph if known else None
    return str(path) if path and zoo.here and path.is_file() else None


def _row(facts: Released) -> list[Any]:
    test = facts.metrics.get("test", {})
    return [
        facts.name,
        VARIANTS[facts.name].group if facts.name in VARIANTS else "",
        VARIANTS[facts.name].title if facts.name in VARIANTS else "unknown to this version of the explorer",
        facts.input_size,
        facts.params / 1e6,
        facts.macs / 1e6,
        facts.bytes / 1e6,
        *(test.get(key) for key in _METRICS),
    ]
