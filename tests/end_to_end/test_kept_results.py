"""Results that stay, open again, stand side by side, travel in links and on paper: in headless Chromium."""

import json
import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from explorer.exports.report_json import as_json
from model_zoo.zoo import Zoo
from tests.support.browser import SECONDS, opened
from tests.support.reports import a_run

FEW = "variants=lite0_kd_p40_int8&frames=4"
MARKUP = "<img src=x onerror=document.title='ran'>.mp4"


@pytest.fixture
def page(browser, server):
    with opened(browser, f"{server}/?{FEW}") as page:
        yield page


@pytest.fixture
def result_file(tmp_path):
    """A result whose clip has a name that is markup."""
    first = a_run()
    path = tmp_path / "report.json"
    named = replace(first, clip=replace(first.clip, name=MARKUP))
    path.write_text(json.dumps(as_json(named, Zoo(tmp_path, "user/zoo", "1" * 40))))
    return path


def rows(page: Page):
    return page.locator("#detectors tbody")


def leave_and_return(page: Page) -> None:
    """Gradio calls it an error that its stream ends where clips are still being drawn."""
    assert not page.problems
    page.reload()
    page.problems.clear()


def open_result(page: Page, path) -> None:
    fold = page.get_by_role("button", name="Open a result again")
    if not page.locator("#result-file").is_visible():
        fold.click()
    page.locator("#result-file input[type=file]").set_input_files(str(path))


def kept(page: Page) -> list[str]:
    return page.evaluate("Object.values(localStorage).filter(text => text.includes('schema_version'))")


def test_a_result_survives_a_reload_goes_along_and_is_forgotten(page: Page):
    page.locator("#clip-examples button", has_text="Untouched portrait").click()
    note = page.locator("#keeping p")
    expect(note).to_contain_text("keeps the numbers of portrait_untouched.mp4", timeout=60 * SECONDS)
    page.get_by_role("tab", name="Finders").click()
    expect(page.locator("#race-clip-player video")).to_have_attribute("aria-label", "portrait_untouched.mp4")
    assert "tab=finders" in page.url
    page.get_by_role("tab", name="Face map").click()
    expect(page.locator("#map-status")).to_contain_text("4 faces of portrait_untouched.mp4")
    page.go_back()
    expect(page.get_by_role("tab", name="Finders")).to_have_attribute("aria-selected", "true")
    (text,) = kept(page)
    assert "data:" not in text and "base64" not in text and len(text) < 5000
    before = page.evaluate("document.querySelector('#headline .big').textContent")
    leave_and_return(page)
    expect(page.get_by_role("tab", name="Finders")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Compare").click()
    expect(page.locator("#headline .mark")).to_contain_text("Your last result, as this browser kept it")
    expect(page.locator("#headline .big")).to_have_text(before)
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#curves .scatterlayer .trace")).to_have_count(1)
    expect(page.locator("#pictures")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the numbers").click()
    assert download.value.suggested_filename == "portrait_untouched.result.json"
    page.get_by_role("button", name="Forget", exact=True).click()
    expect(note).to_contain_text("Forgotten")
    assert kept(page) == []
    assert not page.problems


def test_a_result_file_opens_again_and_runs_nothing(page: Page, result_file, tmp_path):
    open_result(page, result_file)
    expect(page.locator("#headline .mark")).to_contain_text("From a file, which anybody can write")
    expect(page.locator("#headline .of")).to_have_text(MARKUP)
    expect(rows(page)).to_have_count(3)  # two that judged, one that did not
    expect(page.locator("#people tbody tr")).to_have_count(2)
    (tmp_path / "bad.json").write_text(result_file.read_text().replace('"threshold": 0.5', '"threshold": NaN'))
    open_result(page, tmp_path / "bad.json")
    expect(page.locator("#status .error")).to_contain_text("This is no result of the explorer (")
    assert page.title() != "ran" and page.locator("#right img[src=x]").count() == 0
    printed(page)
    assert not page.problems


def printed(page: Page) -> None:
    """The sentence, the caution and the table are on paper, nothing that one could click on is."""
    page.emulate_media(media="print")
    for shown in ("#headline .care", "#detectors .pill >> nth=0", "#curves .js-plotly-plot"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in ("#left", "#keeping", "footer", "[role=tablist]", "#beside button >> nth=0"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert len(page.pdf()) > 20_000
    page.emulate_media(media="screen")


def test_two_clips_stand_side_by_side(page: Page, result_file):
    page.set_viewport_size({"width": 390, "height": 844})
    open_result(page, result_file)
    page.get_by_role("button", name="Compare with another clip").click()
    page.locator("#beside-clip-examples button", has_text="Untouched portrait").click()
    pairs = page.locator("#pair .pairs tbody tr")
    expect(pairs).to_have_count(2, timeout=60 * SECONDS)
    expect(page.locator("#pair .hero .of")).to_have_text([MARKUP, "portrait_untouched.mp4"])
    expect(pairs.first.locator(".pill")).to_have_count(2)
    expect(pairs.first.locator("td").last).to_have_text(re.compile("^[+\N{MINUS SIGN}]0[.][0-9]{2}$"))
    expect(page.locator("#pair-curves-2 .scatterlayer .trace")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    leave_and_return(page)
    expect(page.locator("#pair .hero .of")).to_have_text([MARKUP, "portrait_untouched.mp4"])
    assert len(kept(page)) == 2
    assert not page.problems


def test_a_link_runs_an_example_again(browser, server):
    with opened(browser, f"{server}/?{FEW}&example=two-people") as page:
        expect(page.locator("#headline .of")).to_have_text("portrait_two_people.mp4", timeout=60 * SECONDS)
        expect(rows(page)).to_have_count(1)
        page.get_by_text("Face finder, frames, engine").click()
        page.locator("#link").click()
        page.wait_for_url(re.compile("example=two-people&variants=lite0_kd_p40_int8&"))
        assert not page.problems
    with opened(browser, f"{server}/?example=nobody&tab=nothing") as page:
        expect(page.locator("#status .error")).to_contain_text("names an example that is not here")
        expect(page.get_by_role("tab", name="Compare")).to_have_attribute("aria-selected", "true")
