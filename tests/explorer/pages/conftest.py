"""One page at a time in headless Chromium."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import gradio as gr
import pytest
from playwright.sync_api import Page, sync_playwright

from explorer.pages.components.theme import CSS, THEME

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ("--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking", "--no-first-run")
QUIET += ("--disable-component-update", "--disable-sync")


@pytest.fixture(scope="module")
def open_page() -> Iterator[Callable[..., AbstractContextManager[Page]]]:
    """Serve what a function lays out, and open it in a window of this width; the page collects its `problems`."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")

    @contextmanager
    def opened(build: Callable[[], None], width: int = 1280) -> Iterator[Page]:
        with gr.Blocks(analytics_enabled=False) as demo:
            build()
        _, address, _ = demo.queue().launch(
            theme=THEME, css=CSS, ssr_mode=False, prevent_thread_lock=True, quiet=True, share=False
        )
        try:
            with sync_playwright() as playwright:
                page = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET)).new_page(
                    viewport={"width": width, "height": 1000}
                )
                page.problems = []
                page.on("pageerror", lambda error: page.problems.append(str(error)))
                page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
                page.goto(address)
                yield page
        finally:
            demo.close()

    return opened
