"""Where the Compare tab shows what a run gives."""

import gradio as gr
from gradio.components import Component

from explorer.pages.components.asset import asset
from explorer.pages.components.cards import ORDERS
from explorer.pages.components.choices import DISPUTED, EVERYONE, SPREAD
from explorer.pages.components.messages import sentence

READY = "Choose a clip, or click an example."
_CAUTION = (
    "A verdict is a statistical opinion of a small network about the pixels of a face, not a proof. "
    "Compression, small faces and kinds of forgery not seen in training mislead it."
)


def build_results() -> dict[str, Component]:
    """Lay the results out inside the current Blocks; what a run fills in, by slot."""
    slots: dict[str, Component] = {}
    slots["status"] = gr.HTML(sentence(READY), elem_id="status")
    slots["order"] = gr.Radio(list(ORDERS), value=next(iter(ORDERS)), label="Sort the cards by", elem_id="order")
    slots["verdicts"] = gr.HTML(elem_id="cards")
    gr.Markdown(_CAUTION, elem_classes="small")
    slots["curves"] = gr.Plot(label="Fake probability over time", elem_id="curves")
    slots["strip"] = gr.HTML(elem_id="strip", js_on_load=asset("strip.js"))
    slots["moment"] = gr.HTML(elem_id="moment")
    with gr.Row():
        slots["which"] = gr.Radio([SPREAD, DISPUTED], value=SPREAD, label="Heatmaps of frames", elem_id="which")
        slots["person"] = gr.Dropdown([EVERYONE], value=EVERYONE, label="Person", elem_id="person")
    slots["heat"] = gr.HTML(elem_id="heatmaps")
    slots["scope"] = gr.HTML(elem_id="scope")
    slots["origin"] = gr.HTML(elem_id="origin")
    slots["annotated"] = gr.Video(label="Annotated clip", interactive=False, height=360, elem_id="annotated")
    slots["times"] = gr.Plot(label="Where the time went", elem_id="times")
    slots["download"] = gr.DownloadButton("Download everything (zip)", interactive=False, elem_id="download")
    with gr.Accordion("Report as JSON", open=False):
        slots["raw"] = gr.JSON(show_label=False)
    slots["report"] = gr.State(None, time_to_live=1800)
    slots["settings"] = gr.State(None, time_to_live=1800)
    return slots
