"""The Zoo tab: the facts of every released variant, straight from the manifest."""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from explorer.measured import COLUMNS, cells
from model_zoo.errors import ZooError
from model_zoo.families import family_titles
from model_zoo.manifest import ELSEWHERE, Released, read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo

_FACTS = ("variant", "network", "input, px", "parameters, M", "MACs, M", "size, MB")
_ELSEWHERE = """**Elsewhere**: AUC at clip level on clips of sources that neither training nor calibration has seen,
with its 95 % interval and the number of clips; fewer than 10 decide nothing. *Live swaps, paired*: beside the very
recordings they were made from. *False alarms*: real clips called fake."""
_METRICS = {"auc": "test AUC", "accuracy": "test accuracy", "log_loss": "test log loss"}


def build_page(zoo: Zoo) -> None:
    """Lay the tab out inside the current Blocks."""
    gr.Markdown(f"**{escape(zoo.describe())}**", elem_id="which-zoo")
    gr.Markdown(
        "Metrics are frame level, on the test split of the DFDC face crops that the README describes "
        "(2,400 crops of as many videos). Actors are not labelled: a person may appear in training and in testing."
    )
    rows = [_row(row) for row in read_manifest(zoo.release).variants.values()]
    gr.Dataframe(rows, headers=[*_FACTS, *_METRICS.values()], interactive=False, wrap=True)
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
    card = gr.Markdown(_card(zoo, names[0]), elem_id="model-card")
    chosen.input(partial(_card, zoo), chosen, card, api_visibility="private", show_progress="hidden")


def _elsewhere(rows: Sequence[Released]) -> None:
    """What the variants do on clips of other sources, and at what cost; nothing where that was not measured."""
    if not rows:
        return
    gr.Markdown(_ELSEWHERE)
    table = [[row.name, *cells(row), family_titles(row.guesses_on) or "-"] for row in rows]
    headers = ["variant", *COLUMNS, "no better than chance at"]
    gr.Dataframe(table, headers=headers, interactive=False, pinned_columns=1, elem_id="zoo-elsewhere")


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


def _row(facts: Released) -> list[Any]:
    test = facts.metrics.get("test", {})
    return [
        facts.name,
        VARIANTS[facts.name].title if facts.name in VARIANTS else "unknown to this version of the explorer",
        facts.input_size,
        round(facts.params / 1e6, 2),
        round(facts.macs / 1e6),
        round(facts.bytes / 1e6, 2),
        *(round(test[key], 4) if key in test else None for key in _METRICS),
    ]
