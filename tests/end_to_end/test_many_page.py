"""The Many tab in headless Chromium."""

import gradio as gr
from playwright.sync_api import expect

from explorer.pages import many
from explorer.pages.compare import Opening
from model_zoo.hub import bundled_zoo
from tests.support.browser import SECONDS


def lay_out():
    """The tab, and one that stands for Compare."""
    with gr.Tabs() as tabs:
        with gr.Tab("Many"):
            opened = gr.Textbox(render=False, elem_id="opened")
            many.build_page(bundled_zoo(), Opening(lambda path: {opened: path}, [opened]), tabs)
        with gr.Tab("Compare", id="compare"):
            opened.render()


def test_a_table_fills_in_and_opens_a_clip(open_page, examples, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no clip")
    clip = next(iter(examples.values()))
    with open_page(lay_out) as page:
        page.locator("#many input[type=file]").set_input_files([str(tmp_path / "broken.mp4"), str(clip)])
        expect(page.locator("#many")).to_contain_text("broken", timeout=20 * SECONDS)
        page.get_by_text("Labels, for measures").click()
        page.locator("#many-labels textarea").fill(f"broken.mp4, fake\n{clip.name}, real")
        page.locator("#many-run").click()
        expect(page.locator("#many-status")).to_contain_text("2 clips are judged. 1 of them", timeout=90 * SECONDS)
        table = page.locator("#many-table")
        expect(table).to_contain_text("broken.mp4 cannot be read as a video")
        expect(page.locator("#many-measures")).to_contain_text("AUC")
        expect(page.get_by_text("Download parquet")).to_be_visible()
        page.locator("#many-filter textarea, #many-filter input").fill("portrait")
        expect(table).not_to_contain_text("broken.mp4")
        table.get_by_role("gridcell", name=clip.name).first.click()
        expect(page.locator("#opened")).to_be_visible(timeout=10 * SECONDS)
        assert page.locator("#opened textarea").input_value().endswith(clip.name)
        assert not page.problems
