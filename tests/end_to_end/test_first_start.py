"""A visitor who comes before the example's result is computed."""

from contextlib import contextmanager
from types import SimpleNamespace

import gradio as gr
import pytest
from playwright.sync_api import expect

from explorer.pages.components.arrival import show_first, show_once_computed
from explorer.pages.components.results import build_results
from explorer.plots.palette import colours
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.browser import SECONDS

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)
COMING = "The first example is being judged"


@pytest.fixture
def arrive(open_page):
    """Open a page whose `showcase` is still being computed; it holds `clip`, what the visitor has chosen."""

    @contextmanager
    def opened(clip=None):
        ready = {"headline": "<p>computed meanwhile</p>"}
        showcase = SimpleNamespace(awaited=True, kept=set(), updates=lambda: {} if showcase.awaited else ready)

        def build() -> None:
            palette = colours(["b0"])
            chosen = gr.Textbox(clip, visible=False)
            slots = build_results(ZOO, {}, palette)
            demo = gr.context.Context.root_block
            show_first([], showcase, slots, demo, palette, ZOO)
            show_once_computed(showcase, slots, chosen, demo)

        with open_page(build) as page:
            expect(page.locator("#status")).to_contain_text(COMING, timeout=20 * SECONDS)
            yield page, showcase

    return opened


def test_it_appears_by_itself(arrive):
    with arrive() as (page, showcase):
        page.wait_for_timeout(3 * SECONDS)
        expect(page.locator("#headline")).to_be_empty()
        showcase.awaited = False
        expect(page.locator("#headline")).to_contain_text("computed meanwhile", timeout=10 * SECONDS)
        expect(page.locator("#status")).not_to_contain_text(COMING)


def test_it_does_not_take_the_place_of_a_clip_that_was_chosen(arrive):
    with arrive("mine.mp4") as (page, showcase):
        showcase.awaited = False
        page.wait_for_timeout(5 * SECONDS)
        expect(page.locator("#headline")).to_be_empty()
