"""The tab in the page's address: a link opens it, and the browser's Back and Forward move between tabs."""

import json
from collections.abc import Sequence

import gradio as gr

from explorer.pages.components.arrival import TAB
from explorer.pages.components.asset import asset


def tab_id(title: str) -> str:
    """ "Face map" -> "face-map" """
    return title.lower().replace(" ", "-")


def keep_tab_in_address(demo: gr.Blocks, tabs: gr.Tabs) -> None:
    """Call inside `demo`, once the `tabs` are laid out, each by its tab_id. All of it happens in the browser."""
    ids = [str(tab.id) for tab in tabs.children if isinstance(tab, gr.Tab)]
    selected = f"() => [{{__type__: 'update', selected: {_of_address(ids)}}}]"
    moved = gr.HTML(elem_id="address", js_on_load=asset("address.js"), apply_default_css=False)
    demo.load(None, None, tabs, js=selected)
    moved.click(None, None, tabs, js=selected, queue=False, api_visibility="private")
    for tab in tabs.children:
        if isinstance(tab, gr.Tab):
            script = f"() => {{ window.tabSelected?.({json.dumps(tab.id)}, {_of_address(ids)}); return []; }}"
            tab.select(None, None, None, js=script, queue=False, api_visibility="private")


def _of_address(ids: Sequence[str]) -> str:
    """The tab that the address names, or the first."""
    asked = f"new URLSearchParams(window.location.search).get({json.dumps(TAB)})"
    return f"({json.dumps(ids)}.find(id => id === {asked}) ?? {json.dumps(ids[0])})"
