"""The deepfake model explorer: `python app.py`, then open http://localhost:7860."""

import logging
import os
import sys
from functools import partial
from inspect import getdoc
from pathlib import Path
from threading import Thread

from explorer import paths
from explorer.cores import usable_cores
from explorer.server import ending, listening, temporary
from explorer.telemetry import silence

if __name__ == "__main__":
    ending.guard()
    try:
        listening.named_port()  # before Gradio is imported, which reads it, too
    except listening.PortTaken as error:
        sys.exit(f"The explorer does not start: {error}.")
os.environ["GRADIO_TEMP_DIR"] = str(temporary.move_in())  # before Gradio is imported, which reads it once
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # where torch is loaded: threads that spin starve the decoder
os.environ.setdefault("OMP_NUM_THREADS", str(usable_cores()))

import cv2
import gradio as gr
import numpy as np
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from explorer import limits
from explorer.api.endpoints import Api
from explorer.cpu import cpu_facts
from explorer.detectors import openers, rows_of
from explorer.device.site import served_files
from explorer.faces.finders import DEFAULT_FINDER, FINDERS, finder_named
from explorer.pages import compare, face_map, finders, many, tradeoff
from explorer.pages import zoo as zoo_page
from explorer.pages.components.address import keep_tab_in_address, tab_id
from explorer.pages.components.jobs import IN_TURN, ONE_AT_A_TIME
from explorer.pages.components.page_head import build_page_head
from explorer.pages.components.showcase import Showcase
from explorer.pages.components.theme import CSS, THEME
from explorer.server import connections, fetch, intake, logs, origins
from explorer.server.budget import Budget
from explorer.server.content_policy import ContentPolicy, failed
from explorer.server.intake import Intake
from explorer.server.middleware import RouteAllowlist, busy
from explorer.server.static_files import StaticFiles
from explorer.server.sweep import sweep_for_ever
from explorer.video.examples import edition, example_clips
from model_zoo.errors import BadGuest, ZooError
from model_zoo.files import private
from model_zoo.guests.admission import with_guests
from model_zoo.hub import choose_zoo
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

silence()
logging.basicConfig(format="%(message)s", stream=sys.stdout)  # our modules say sentences
for package in ("explorer", "model_zoo"):
    logging.getLogger(package).setLevel(logging.INFO)
logger = logging.getLogger("explorer.app")

TITLE = "Deepfake model explorer"
DEVICE_PAGE = os.environ.get("EXPLORER_DEVICE_PAGE") or "device/"  # or where it is published
INTRODUCTION = f"""# {TITLE}
How small can a deepfake detector get? Light detectors side by side on your clip: what each says, when, where it
looked, and what it costs on this CPU. A clip that must not leave your machine: judge it
[on your own device]({DEVICE_PAGE})."""


def build_demo(zoo: Zoo) -> tuple[gr.Blocks, Showcase | None]:
    """All tabs and the API, and the result that a first visit shows, which is still to be prepared."""
    api, examples = Api(zoo), offered_examples()
    schedule = (limits.SWEEP_SECONDS, limits.KEPT_SECONDS)
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=schedule) as demo:
        build_page_head(INTRODUCTION)
        with gr.Tabs() as tabs:
            with _tab("Compare"):
                compared = compare.build_page(zoo, examples, demo, paths.SHOWCASE)
            with _tab("Many"):
                many.build_page(zoo, compared.opening, tabs)
            with _tab("Trade-off") as tab:
                tradeoff.build_page(zoo, compared.last_run, tab)
            with _tab("Face map") as tab:
                face_map.build_page(zoo, compared.last_run, compared.clip, tab)
            with _tab("Finders") as tab:
                finders.build_page(examples, compared.clip, tab)
            with _tab("Zoo"):
                zoo_page.build_page(zoo)
        keep_tab_in_address(demo, tabs)
        about = f"{getdoc(api.analyze)}\n\n{limits.describe()}"
        gr.api(api.analyze, api_name="analyze", api_description=about, **ONE_AT_A_TIME)
        gr.api(api.analyze_many, api_name="analyze_many", **IN_TURN)
        gr.api(api.heatmaps, api_name="heatmaps", **ONE_AT_A_TIME)
        gr.api(api.robustness, api_name="robustness", **ONE_AT_A_TIME)
        gr.api(api.embed, api_name="embed", **ONE_AT_A_TIME)
        gr.api(api.finders, api_name="finders", **ONE_AT_A_TIME)
        gr.api(api.variants, api_name="variants")
    return demo.queue(max_size=limits.MAX_QUEUE, api_open=False), compared.showcase  # no call passes the queue by


def _tab(title: str) -> gr.Tab:
    return gr.Tab(title, id=tab_id(title))


def offered_examples() -> dict[str, Path]:
    """The example clips by title; none where they cannot be kept, for the page works without."""
    try:
        private(paths.CACHE)
        return example_clips(paths.EXAMPLES / edition())
    except OSError as error:
        message = "no examples: %s cannot be written to (%s); set EXPLORER_CACHE"
        logger.warning(message, paths.EXAMPLES, error.strerror)
        return {}


def warm_up(zoo: Zoo, showcase: Showcase | None = None) -> None:
    """Use every finder and variant once, what the first visitor asks for first; what is broken is reported on use."""
    cv2.setNumThreads(usable_cores())
    if showcase is not None:
        showcase.prepare()
    for name in sorted(FINDERS, key=lambda name: name != DEFAULT_FINDER):
        finder_named(name)([np.zeros((480, 640, 3), np.uint8)] * 2)
    for name, open_detector in openers(zoo, sorted(rows_of(zoo), key=lambda name: name not in SHOWN_FIRST)).items():
        try:
            open_detector()
        except ZooError as error:
            logger.warning("variant %s will not run: %s", name, error)
    cpu_facts()


def kept_examples(demo: gr.Blocks) -> set[str]:
    """The examples, which lie among uploads and results and stay."""
    return {path for block in demo.blocks.values() for path in block.keep_in_cache}


try:
    zoo = choose_zoo(os.environ.get("ZOO_REPO"), os.environ.get("ZOO_REVISION"), folder=os.environ.get("ZOO_FOLDER"))
    zoo = with_guests(zoo, os.environ.get("EXPLORER_GUESTS", ""), limits.MAX_GUEST_BYTES)
except BadGuest as error:
    sys.exit(f"The explorer does not start: {error}.")
except ZooError as error:
    sys.exit(f"There is no zoo to serve: {error}.")
logger.info(zoo.describe())
demo, showcase = build_demo(zoo)

if __name__ == "__main__":
    logs.guard()
    fetch.guard()
    connections.guard()
    intake.guard()
    origins.guard()
    budget = Budget(demo)
    budget.guard()
    ending.before_end(partial(demo.close, verbose=False))
    try:
        listening.launch(
            demo,
            theme=THEME,
            css=CSS,
            ssr_mode=False,
            max_file_size=limits.MAX_UPLOAD_BYTES,
            allowed_paths=[],
            strict_cors=True,
            show_error=False,
            enable_monitoring=False,
            run_history=False,
            state_session_capacity=limits.MAX_SESSIONS,
            app_kwargs={
                "middleware": [
                    Middleware(ContentPolicy),
                    Middleware(RouteAllowlist),
                    Middleware(StaticFiles, prefix="/device", files=served_files(zoo, offered_examples())),
                    Middleware(Intake, uploaded=demo.upload_file_set),
                ],
                "exception_handlers": {503: busy, Exception: failed},
                "openapi_url": None,
                "lifespan": budget.lifespan,
            },
            footer_links=["api", "gradio"],
            mcp_server=True,
        )
    except listening.PortTaken as error:
        sys.exit(f"The explorer does not start: {error}.")
    Thread(target=warm_up, args=(zoo, showcase), daemon=True).start()
    Thread(target=sweep_for_ever, args=(Path(get_upload_folder()), partial(kept_examples, demo)), daemon=True).start()
    demo.block_thread()
