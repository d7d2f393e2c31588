"""What stands over every tab: the link that skips the tabs, and the voice for screen readers."""

import gradio as gr

from explorer.pages.components.asset import asset

_SKIP = '<a class="skip" href="#content">Skip to the content</a>'


def build_page_head(introduction: str) -> None:
    """Lay it out inside the current Blocks, with an introduction in Markdown."""
    gr.HTML(_SKIP, elem_id="page-head", apply_default_css=False, js_on_load=asset("page.js"))
    gr.Markdown(introduction)
