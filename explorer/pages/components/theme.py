"""The look of every page: one calm theme, light and dark, without a font or script from elsewhere."""

import gradio as gr

from explorer.pages.components.asset import asset

_FONT = ["system-ui", "-apple-system", "Segoe UI", "sans-serif"]
THEME = gr.themes.Base(
    primary_hue="blue", neutral_hue="slate", font=_FONT, font_mono=["ui-monospace", "Menlo", "monospace"]
).set(
    body_text_color_subdued="*neutral_600", body_text_color_subdued_dark="*neutral_300",
    button_primary_background_fill="*primary_700", button_primary_background_fill_hover="*primary_800",
    input_placeholder_color="*neutral_600", input_placeholder_color_dark="*neutral_300",
    block_info_text_color="*neutral_600", block_info_text_color_dark="*neutral_300",
)  # fmt: skip

# Gradio splits selectors at every comma, those within :is(...) and :has(...), too: none may stand in parentheses.
_FILLED_LATER = (
    "stale", "headline", "detectors", "people", "drawn", "strip", "stage", "moment", "heatmaps", "scope", "origin",
    "annotated", "mosaic", "clip-player", "race-clip-player", "firm-status", "firmness", "beside-clip-player",
    "beside-status", "pair",
)  # fmt: skip
_EMPTY = "".join(f":not(:has({tag}))" for tag in ("p", "section", "table", "button", "video", "img", "progress"))
_HIDDEN = ", ".join(f"#{name}{_EMPTY}" for name in _FILLED_LATER) + " { display: none !important; }"

_STYLES = ("page.css", "compare.css", "evidence.css", "many.css", "stage.css", "keeping.css", "print.css")
CSS = "".join(map(asset, _STYLES)) + _HIDDEN
