"""What a visitor of the Compare tab sets, and a link that sets it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.helpers import Examples

from explorer import limits
from explorer.faces.finders import DEFAULT_FINDER, FINDERS
from explorer.heatmaps.overlay import EVIDENCE, LAYERS, METHODS
from explorer.inference.engines import available_engines
from explorer.pages.components.asset import asset
from model_zoo.variants import SHOWN_FIRST

# Settings that a link carries, in the order of Controls.settings.
_PARAMETERS = ("variants", "finder", "frames", "engine", "method", "layer")
COPY_LINK_JS = asset("copy_link.js").replace("PARAMETERS", str(list(_PARAMETERS)))


@dataclass(frozen=True)
class Controls:
    """The components; `settings` are all that a link restores."""

    clip: gr.Video
    examples: Examples
    settings: list[Component]
    run: gr.Button
    stop: gr.Button
    link: gr.Button


def build_controls(names: list[str], examples: dict[str, Path]) -> Controls:
    """Lay the controls out inside the current Blocks; `examples` maps titles to clips."""
    clip = gr.Video(label="Clip", sources=["upload"], height=250)
    rows = [[str(path)] for path in examples.values()]
    origin = "Examples, generated from a public-domain portrait"
    offered = gr.Examples(rows, [clip], example_labels=list(examples), cache_examples=False, label=origin)
    chosen = gr.CheckboxGroup(names, value=[name for name in names if name in SHOWN_FIRST], label="Variants")
    with gr.Row():
        run = gr.Button("Analyse", variant="primary", elem_id="run")
        stop = gr.Button("Stop", elem_id="stop")
    advice = "MTCNN finds more faces than Haar; tracked, it looks everywhere only now and then, and is the quickest"
    finder = gr.Radio(list(FINDERS), value=DEFAULT_FINDER, label="Face finder", info=advice)
    label = "Frames sampled evenly over the clip"
    frames = gr.Slider(1, limits.MAX_FRAMES, limits.DEFAULT_FRAMES, step=1, label=label)
    with gr.Accordion("Engine and heatmaps", open=False):
        engines = ["auto", *available_engines()]
        engine = gr.Dropdown(engines, value="auto", label="Engine", info="auto is the fastest installed")
        method = gr.Dropdown([EVIDENCE, *METHODS], value=EVIDENCE, label="Heatmap method")
        layer = gr.Dropdown(list(LAYERS), value="pooled", label="Layer, for the methods of pytorch-grad-cam")
    link = gr.Button("Copy a link to these settings", size="sm", elem_id="link")
    gr.Markdown(f"{limits.describe()} Uploads are deleted within two hours.", elem_classes="small")
    return Controls(clip, offered, [chosen, finder, frames, engine, method, layer], run, stop, link)


def restored(names: list[str], given: Mapping[str, str]) -> list[object]:
    """The settings that a link's parameters carry; what is absent or makes no sense stays as it is."""
    variants = [name for name in given.get("variants", "").split(",") if name in names]
    frames = given.get("frames", "")
    offers = {
        "finder": list(FINDERS),
        "engine": ["auto", *available_engines()],
        "method": [EVIDENCE, *METHODS],
        "layer": list(LAYERS),
    }
    values: dict[str, Any] = {name: given[name] for name, known in offers.items() if given.get(name) in known}
    if variants:
        values["variants"] = variants
    if frames.isascii() and frames.isdigit() and 1 <= int(frames) <= limits.MAX_FRAMES:
        values["frames"] = int(frames)
    return [values.get(name, gr.skip()) for name in _PARAMETERS]
