"""The look of every page: one calm theme, light and dark, without a font or script from elsewhere."""

import gradio as gr

from explorer.pages.components.asset import asset

_FONT = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
THEME = gr.themes.Base(
    primary_hue="blue", neutral_hue="slate", font=_FONT, font_mono=["ui-monospace", "Menlo", "monospace"]
)  # fmt: skip

CSS = asset("page.css") + asset("evidence.css")
