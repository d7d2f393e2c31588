"""The deepfake model explorer: `python app.py`, then open http://localhost:7860."""

import os
from inspect import getdoc
from threading import Thread

import cv2
import gradio as gr
import numpy as np

from explorer import limits, places
from explorer.api import Api
from explorer.examples import example_clips
from explorer.faces import DEFAULT_FINDER, FINDERS, finder_named
from explorer.pages import compare, face_map, finders, tradeoff
from explorer.pages import zoo as zoo_page
from explorer.pages.theme import CSS, THEME
from explorer.runners import open_runner
from explorer.timing import cpu_facts, usable_cores
from explorer.tools import Tools
from model_zoo.errors import ZooError
from model_zoo.hub import choose_zoo
from model_zoo.manifest import read_manifest
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

TITLE = "Deepfake model explorer"
INTRODUCTION = f"""# {TITLE}
How small can a deepfake detector get? Light detectors side by side on your clip: what each says, when, where it
looked, and what it costs on this CPU."""


def build_demo(zoo: Zoo) -> gr.Blocks:
    """All tabs and the API."""
    api, tools, examples = Api(zoo), Tools(zoo), example_clips(places.EXAMPLES)
    # Uploads and results are swept every half hour once they are an hour and a half old.
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(1800, 5400)) as demo:
        gr.Markdown(INTRODUCTION)
        with gr.Tab("Compare"):
            last_run = compare.build_page(zoo, examples, demo)
        with gr.Tab("Trade-off") as tab:
            tradeoff.build_page(zoo, last_run, tab)
        with gr.Tab("Face map"):
            face_map.build_page(zoo, last_run)
        with gr.Tab("Finders"):
            finders.build_page(examples)
        with gr.Tab("Zoo"):
            zoo_page.build_page(zoo)
        about = f"{getdoc(api.analyze)}\n\n{limits.describe()}"
        one_at_a_time = {"concurrency_id": compare.INFERENCE, "concurrency_limit": 1}
        gr.api(api.analyze, api_name="analyze", api_description=about, **one_at_a_time)
        gr.api(api.heatmaps, api_name="heatmaps", **one_at_a_time)
        gr.api(tools.embed, api_name="embed", **one_at_a_time)
        gr.api(tools.finders, api_name="finders", **one_at_a_time)
        gr.api(api.variants, api_name="variants")
    return demo.queue(max_size=limits.MAX_QUEUE)


def warm_up(zoo: Zoo) -> None:
    """Use every finder and variant once, what the first visitor asks for first; what is broken is reported on use."""
    import torch  # takes seconds to load

    torch.set_num_threads(usable_cores())
    cv2.setNumThreads(usable_cores())
    for name in sorted(FINDERS, key=lambda name: name != DEFAULT_FINDER):
        finder_named(name)([np.zeros((480, 640, 3), np.uint8)] * 2)
    for name in sorted(read_manifest(zoo.release).variants, key=lambda name: name not in SHOWN_FIRST):
        try:
            open_runner(name, release=zoo.release)
        except ZooError as error:
            print(f"variant {name} will not run: {error}")
    cpu_facts()


zoo = choose_zoo(os.environ.get("ZOO_REPO"), os.environ.get("ZOO_REVISION"))
print(zoo.describe())
demo = build_demo(zoo)

if __name__ == "__main__":
    Thread(target=warm_up, args=(zoo,), daemon=True).start()
    demo.launch(
        theme=THEME,
        css=CSS,
        ssr_mode=False,
        max_file_size=2 * limits.MAX_BYTES,
        footer_links=["api", "gradio"],
        mcp_server=True,
    )
