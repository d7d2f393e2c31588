"""Chromium, and one tab at a time in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import gradio as gr
import pytest
from playwright.sync_api import Browser, Page
from starlette.middleware import Middleware

from explorer.pages.components.theme import CSS, THEME
from explorer.server.content_policy import ContentPolicy
from tests.support.browser import chromium, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for a module's tests: while it runs, this thread can run no event loop of its own."""
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser) -> Callable[..., AbstractContextManager[Page]]:
    """Serve what a function lays out, and open it in a window of this width; the page collects its `problems`.

    What its Content-Security-Policy forbids is among them."""

    @contextmanager
    def served(build: Callable[[], None], width: int = 1280) -> Iterator[Page]:
        with gr.Blocks(analytics_enabled=False) as demo:
            build()
        _, address, _ = demo.queue().launch(
            theme=THEME, css=CSS, ssr_mode=False, prevent_thread_lock=True, quiet=True, share=False,
            app_kwargs={"middleware": [Middleware(ContentPolicy)]},
        )  # fmt: skip
        try:
            with opened(browser, address, width) as page:
                yield page
        finally:
            demo.close()

    return served
