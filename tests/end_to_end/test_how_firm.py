"""How firm a verdict is, asked by a click in headless Chromium."""

from functools import partial
from types import SimpleNamespace

import gradio as gr
from playwright.sync_api import expect

from explorer.faces.finders import finder_named
from explorer.inference.runners import open_runner
from explorer.pages.components.kept import kept
from explorer.pages.components.robustness_panel import build_robustness
from explorer.pipeline import analyse, report_of
from explorer.robustness import VERSIONS
from model_zoo.zoo import Zoo
from tests.support.browser import SECONDS

BOTH = ("lite0_kd_p40", "lite0_kd_p40_int8")


def test_a_click_judges_the_stretch_again_and_another_run_clears_it(open_page, small_release, portrait_clip):
    zoo = Zoo(small_release, "bundled", "0" * 64)
    runners = {name: partial(open_runner, name, release=small_release) for name in BOTH}
    report = report_of(analyse(portrait_clip, runners, finder_named("haar"), frames=4))
    settings = SimpleNamespace(clip=str(portrait_clip), finder="haar", runners=lambda zoo: runners)

    def lay_out():
        last, asked = gr.State(None), gr.State(settings)
        run, clear = gr.Button("run"), gr.Button("clear")
        build_robustness(last, asked, zoo)
        run.click(lambda: kept(report), None, last).then(lambda: "done", None, run)
        clear.click(lambda: None, None, last)

    with open_page(lay_out, width=390) as page:
        firm = page.locator("#firm")
        page.get_by_role("button", name="run", exact=True).click()
        expect(page.get_by_role("button", name="done", exact=True)).to_be_visible()
        firm.click()
        expect(page.locator("#firmness .firm-card")).to_have_count(len(BOTH), timeout=60 * SECONDS)
        expect(page.locator("#firmness .bar")).to_have_count(len(BOTH) * len(VERSIONS))
        expect(page.locator("#firm-status")).to_contain_text("of 2 verdicts hold (12 faces of one person, 0.0 to 4.0 s")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="clear", exact=True).click()
        expect(page.locator("#firmness .firm-card")).to_have_count(0)
        expect(firm).to_be_disabled()
        assert not page.problems
