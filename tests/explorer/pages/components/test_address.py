"""The tab in the address."""

import gradio as gr

from explorer.pages.components.address import keep_tab_in_address, tab_id


def test_a_tabs_name_in_the_address():
    assert [tab_id(title) for title in ("Compare", "Face map", "Trade-off")] == ["compare", "face-map", "trade-off"]


def test_the_address_chooses_among_the_tabs_that_there_are_and_asks_nobody():
    with gr.Blocks() as demo:
        with gr.Tabs() as tabs:
            for title in ("Compare", "Face map"):
                with gr.Tab(title, id=tab_id(title)):
                    gr.Markdown(title)
        keep_tab_in_address(demo, tabs)
    events = list(demo.fns.values())
    assert len(events) == 4  # at the start, by Back and Forward, and a choice of either tab
    assert all(event.fn is None for event in events)
    assert all('["compare", "face-map"].find(' in event.js for event in events)
