"""What stands over every tab."""

import gradio as gr

from explorer.pages.components.page_head import build_page_head
from tests.support.html import text


def test_the_first_thing_is_a_link_past_the_tabs():
    with gr.Blocks() as demo:
        build_page_head("# Title")
    first, second = demo.children
    assert text(first.value) == "Skip to the content"
    assert second.value == "# Title"
