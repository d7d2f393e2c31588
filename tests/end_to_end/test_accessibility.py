"""Every tab with results, light and dark, by the rules of axe-core, by keyboard, and on a phone."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.support.browser import SECONDS, first_visit
from tests.support.corpus.stills import photo

VIOLATIONS = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(({id, nodes}) =>
  nodes.map(({target, any, html}) => `${id}: ${target.join(' ')}: ${any[0]?.message ?? ''} ${html.slice(0, 160)}`))"""
# Words in a line may be small.
TARGETS = """least => [...document.querySelectorAll('button, a[href], input, select, summary, [role=tab]')]
  .filter(each => each.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !each.disabled)
  .filter(each => !each.closest('p, li, td, .js-plotly-plot, [aria-hidden=true], .unseen, footer'))
  .map(each => [each.closest('label') ?? each, each]).map(([target, each]) => [target.getBoundingClientRect(), each])
  .filter(([{width, height}]) => width && height && (width < least || height < least))
  .map(([{width, height}, each]) => `${Math.round(width)}x${Math.round(height)} ${each.outerHTML.slice(0, 120)}`)"""
UNNAMED = """() => [...document.querySelectorAll('.js-plotly-plot')]
  .filter(plot => plot.checkVisibility() && !(plot.getAttribute('role') === 'figure' && plot.ariaLabel?.length > 40))
  .map(plot => plot.closest('[id]').id)"""


@pytest.fixture(scope="module")
def page(browser, server):
    """One visit, with the kept result of an example; a theme that fades in is looked at when it is there."""
    with first_visit(browser, server) as page:
        page.add_style_tag(content="*, *::before, *::after { transition: none !important; }")
        yield page


def _compared(page: Page) -> None:
    page.locator("#strip button").nth(3).click()
    expect(page.locator("#moment .tiles figure").first).to_be_visible()
    page.locator("#detectors .more").first.click()


def _judged(page: Page) -> None:
    photos = [{"name": f"{name}.png", "mimeType": "image/png", "buffer": photo("PNG")} for name in ("one", "two")]
    page.locator("#many input[type=file]").set_input_files(photos)
    expect(page.locator("#many .download-link")).to_have_count(2)
    page.locator("#many-run").click()
    expect(page.locator("#many-status")).to_contain_text("2 clips are judged", timeout=60 * SECONDS)


def _traded(page: Page) -> None:
    expect(page.locator("#clip-trade-off .js-plotly-plot")).to_be_visible()


def _mapped(page: Page) -> None:
    page.locator("#map-draw").click()
    expect(page.locator("#map .js-plotly-plot")).to_be_visible(timeout=90 * SECONDS)


def _raced(page: Page) -> None:
    page.locator("#race-clip-examples button", has_text="Untouched portrait").click()
    expect(page.locator("#race-frames svg").first).to_be_visible(timeout=90 * SECONDS)


def _listed(page: Page) -> None:
    expect(page.locator("#zoo-facts").get_by_role("gridcell", name="b0", exact=True).first).to_be_visible()


TABS = {
    "Compare": _compared,
    "Many": _judged,
    "Trade-off": _traded,
    "Face map": _mapped,
    "Finders": _raced,
    "Zoo": _listed,
}


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_breaks_a_rule_in_light_or_dark(page, tab):
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE_SCRIPT} }} }}")  # past the page's policy
    page.get_by_role("tab", name=tab, exact=True).click()
    TABS[tab](page)
    problems = []
    for scheme in ("light", "dark"):
        page.evaluate("dark => document.body.classList.toggle('dark', dark)", scheme == "dark")
        problems += [f"{scheme}: {line}" for line in page.evaluate(VIOLATIONS)]
    page.evaluate("document.body.classList.remove('dark')")
    problems += [f"small: {line}" for line in page.evaluate(TARGETS, 24)]
    page.wait_for_function(f"() => !({UNNAMED})().length")
    assert not problems, "\n".join(problems)


def test_keys_move_past_and_between_tabs_and_choices(page):
    page.get_by_role("tab", name="Compare", exact=True).click()
    page.locator(".skip").focus()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("[role=tabpanel]:focus #compare")).to_be_visible()
    page.get_by_role("tab", name="Compare", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=tab]:focus")).to_have_text("Many")
    expect(page.locator("#many-run")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.locator("#preset input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#preset input:checked")).to_have_value("all")
    assert page.locator("#preset label").nth(1).evaluate("label => getComputedStyle(label).outlineStyle") == "solid"
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#preset input:checked")).to_have_value("five typical")


def test_one_voice_tells_what_came_last_and_numbers_that_run_are_silent(page):
    expect(page.locator("#page-head [role=status]")).to_have_text(re.compile(r"\w+ \w+"))
    assert not page.locator("[role=status], [aria-live=polite]").filter(has=page.locator("progress")).count()
