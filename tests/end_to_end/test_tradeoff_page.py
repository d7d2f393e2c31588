"""The Trade-off tab in headless Chromium."""

import gradio as gr
from playwright.sync_api import expect

from explorer.pages import tradeoff
from explorer.pages.components.kept import kept
from explorer.pipeline import run_variant
from explorer.structures import ClipInfo, Cpu, Face, Report
from model_zoo.zoo import Zoo
from tests.support.browser import SECONDS
from tests.support.fakes import runner

BOTH = ["lite0_kd_p40", "lite0_kd_p40_int8"]


def test_a_narrow_page_measures_and_names_what_is_broken(open_page, small_release):
    (small_release / "lite0_kd_p40_int8" / "model.onnx").write_bytes(b"altered")
    zoo = Zoo(small_release, "bundled", "0" * 64)
    with open_page(lambda: tradeoff.build_page(zoo), width=390) as page:
        for name in BOTH:
            expect(page.get_by_role("gridcell", name=name, exact=True).first).to_be_visible(timeout=20 * SECONDS)
        marks = page.locator("#trade-off .scatterlayer .trace")
        expect(marks).to_have_count(3)  # the front and two circles
        page.locator("#measure").click()
        expect(page.locator("#measure-status")).to_contain_text("median of 15 batches", timeout=90 * SECONDS)
        expect(page.locator("#measure-status .error")).to_contain_text("lite0_kd_p40_int8 was not measured")
        expect(marks).to_have_count(5)  # the front of the live times and one diamond
        page.get_by_label("Vertical axis").click()
        page.get_by_role("option", name="accuracy").click()
        expect(page.locator("#trade-off .ytitle")).to_have_text("accuracy on the test split")
        expect(marks).to_have_count(5)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert not page.problems


def test_the_last_run_is_drawn_when_the_tab_is_selected(open_page, small_release, random_crops):
    face = Face(0.0, random_crops[0, 0, :4, 0], random_crops[0])
    clip = ClipInfo("a.mp4", 1.0, 64, 48, 25.0, 0.0, random_crops[0], random_crops[0])
    judged = tuple(list(run_variant(runner(name), [face]))[-1] for name in BOTH)

    def lay_out():
        last_run = gr.State(None)
        with gr.Tab("Compare"):
            run = gr.Button("run")
        with gr.Tab("Trade-off") as tab:
            tradeoff.build_page(Zoo(small_release, "bundled", "0" * 64), last_run, tab)
        report = Report(clip, 1, (face,), Cpu("a processor", 2, 2, ()), {}, judged, ())
        run.click(lambda: kept(report), None, last_run)

    with open_page(lay_out) as page:
        page.get_by_role("tab", name="Trade-off").click()
        expect(page.get_by_text("Analyse a clip in the Compare tab first")).to_be_visible(timeout=20 * SECONDS)
        page.get_by_role("tab", name="Compare").click()
        page.get_by_role("button", name="run").click()
        page.get_by_role("tab", name="Trade-off").click()
        expect(page.get_by_text("a.mp4, 1 face, timed on a processor, 2 threads.")).to_be_visible(timeout=20 * SECONDS)
        expect(page.locator("#clip-trade-off .scatterlayer .trace")).to_have_count(4)  # two verdicts, two thresholds
        assert not page.problems
