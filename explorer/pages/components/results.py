"""Where the Compare tab shows what a run gives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.heatmaps.overlay import EVIDENCE, HEATMAPS
from explorer.pages.components.asset import asset
from explorer.pages.components.beside import build_beside
from explorer.pages.components.browser_storage import ACTIONS_JS, actions
from explorer.pages.components.choices import DISPUTED, EVERYONE, SPREAD
from explorer.pages.components.messages import sentence
from explorer.pages.components.robustness_panel import build_robustness
from model_zoo.architectures import LAYERS
from model_zoo.zoo import Zoo

READY = "Choose a clip, or click an example."
_WORDS = """- **p_fake**: how much a face looks like a forgery to a detector, 0 = real, 1 = fake. Not the chance
  that the clip is fake.
- **threshold**: each detector's own border between real and fake (the dashed line), set on other material. Within the
  ochre band about it the detector is **unsure**: read it as no answer.
- **taught by B0** (kd): trained to answer as the large network does. **35 % cut** (p35): so much of the network was
  pruned away. **8 bit** (int8): stored and computed in whole numbers, a quarter of the size.
- **heatmap**, **evidence**: where on the face the detector found what speaks for fake (red) or for real (blue).
- **AUC**: of a fake and a real face drawn at random, how often the fake has the higher p_fake (0.5 = guessing)."""

_GUEST = """
- **guest**: a detector that is not ours, put beside the zoo by whoever runs this page. Nothing of it was measured
  unless a figure stands beside it, and its p_fake and threshold are its own."""

Slots = dict[str, Any]  # components and layouts by name


def build_results(zoo: Zoo, examples: Mapping[str, Path], palette: dict[str, str]) -> Slots:
    """Lay the results out inside the current Blocks; what a run fills in, by slot. What is empty is not shown."""
    slots: Slots = {}
    slots["status"] = gr.HTML(sentence(READY), elem_id="status", js_on_load=asset("status.js"))
    slots["headline"] = gr.HTML(elem_id="headline", apply_default_css=False)
    slots["stale"] = gr.HTML(elem_id="stale", apply_default_css=False)
    slots["verdicts"] = gr.HTML(elem_id="detectors", apply_default_css=False, js_on_load=asset("detector_table.js"))
    slots["people"] = gr.HTML(elem_id="people", apply_default_css=False)
    slots["download"] = gr.DownloadButton("Download everything (zip)", visible=False, elem_id="download", size="sm")
    slots["keeping"] = gr.HTML(actions(), elem_id="keeping", js_on_load=ACTIONS_JS, apply_default_css=False)
    slots["report"] = gr.State(None, time_to_live=1800)
    slots["settings"] = gr.State(None, time_to_live=1800)
    slots["looked"] = gr.State(None, time_to_live=1800)  # which heatmaps are shown
    with gr.Column(visible=False, elem_id="evidence") as evidence:
        _build_evidence(slots)
        with gr.Column(elem_id="firm-again") as again:
            build_robustness(slots["report"], slots["settings"], zoo)
        slots["again"] = again
        beside = build_beside(slots["report"], slots["settings"], examples, palette, zoo)
        slots |= {name: beside[name] for name in ("other", "fold", "pair", "first", "second")}
        _build_costs(slots)
    slots["evidence"] = evidence
    with gr.Accordion("What the words mean", open=False, elem_id="words"):
        gr.Markdown(_WORDS + (_GUEST if zoo.guests else ""), elem_classes="small")
    return slots


def _build_evidence(slots: Slots) -> None:
    """What is there only once faces were judged."""
    slots["curves"] = gr.Plot(label="When: p_fake over time; click a moment", elem_id="curves")
    with gr.Column(elem_id="pictures") as pictures:
        _build_pictures(slots)
    slots["pictures"] = pictures
    slots["scope"] = gr.HTML(elem_id="scope")
    slots["origin"] = gr.HTML(elem_id="origin")
    slots["drawn"] = gr.HTML(elem_id="drawn")
    with gr.Row(elem_id="clips"):
        slots["annotated"] = gr.HTML(elem_id="annotated", apply_default_css=False, elem_classes="stage-box")
        slots["mosaic"] = gr.HTML(elem_id="mosaic", apply_default_css=False, elem_classes="stage-box")


def _build_pictures(slots: Slots) -> None:
    """What shows faces, which a result that was opened again has none of."""
    slots["strip"] = gr.HTML(elem_id="strip", js_on_load=asset("strip.js"))
    slots["stage"] = gr.HTML(elem_id="stage", apply_default_css=False, js_on_load=asset("stage.js"))
    slots["moment"] = gr.HTML(elem_id="moment")
    gr.HTML("<h2>Where they looked</h2>", apply_default_css=False)
    with gr.Row(elem_id="looks"):
        slots["which"] = gr.Radio([SPREAD, DISPUTED], value=SPREAD, label="Frames", elem_id="which", min_width=260)
        slots["person"] = gr.Dropdown([EVERYONE], value=EVERYONE, label="Person", elem_id="person", min_width=130)
        slots["method"] = gr.Dropdown(list(HEATMAPS), value=EVIDENCE, label="Method", elem_id="method", min_width=130)
        slots["layer"] = gr.Dropdown(
            list(LAYERS), value="pooled", label="Layer", elem_id="layer", min_width=130, interactive=False
        )
    slots["heat"] = gr.HTML(elem_id="heatmaps")


def _build_costs(slots: Slots) -> None:
    """What is there for whoever wants to know exactly."""
    slots["times"] = gr.Plot(label="Where the time went", elem_id="times")
    with gr.Accordion("Report as JSON", open=False, elem_id="raw"):
        slots["raw"] = gr.JSON(show_label=False)
