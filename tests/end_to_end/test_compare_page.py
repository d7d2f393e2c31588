"""The Compare tab of the whole app in headless Chromium: click an example, see results."""

import re
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from model_zoo.variants import SHOWN_FIRST
from tests.support.browser import SECONDS, opened
from tests.support.clips import grey_ramp


@pytest.fixture
def page(browser, server):
    with opened(browser, server) as page:
        yield page


def test_an_example_shows_results(page: Page, server):
    outside = []
    page.on("request", lambda request: outside.append(request.url) if server not in request.url else None)
    page.get_by_text("Forged face").click()
    cards = page.locator("#cards .card")
    expect(cards).to_have_count(len(SHOWN_FIRST), timeout=90 * SECONDS)
    for card, name in zip(cards.all(), SHOWN_FIRST, strict=True):
        expect(card.locator("h3")).to_have_text(name)
        expect(card.locator(".pill")).to_have_text(re.compile("fake|real|uncertain"))
        assert 0 <= float(card.locator(".p").inner_text()) <= 1
        expect(card).to_contain_text("speed-up over b0")
    expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST), timeout=30 * SECONDS)
    expect(page.locator("#heatmaps img")).to_have_count(8 * (1 + len(SHOWN_FIRST)), timeout=30 * SECONDS)
    expect(page.locator("#times .bars .point")).to_have_count(3 + len(SHOWN_FIRST))
    video = page.locator("#annotated video")
    expect(video).to_be_visible(timeout=60 * SECONDS)
    video.evaluate("v => new Promise(go => v.readyState > 1 ? go() : v.addEventListener('loadeddata', go))")
    assert video.evaluate("v => v.videoWidth") == 480
    expect(page.locator("#status")).to_contain_text("32 of 32 sampled frames", timeout=60 * SECONDS)
    with page.expect_download() as download:
        page.locator("#download").click()
    with ZipFile(download.value.path()) as taken:
        names = taken.namelist()
        assert {"report.json", "frames.csv", "summary.html", "annotated.mp4", "mosaic.mp4"} <= set(names)
        assert sum(name.startswith("heatmaps/") for name in names) == 8 * len(SHOWN_FIRST)
        assert len(taken.read("frames.csv").splitlines()) == 33
    assert download.value.suggested_filename.endswith(".zip")
    assert not page.problems
    assert not [url for url in outside if not url.startswith(("data:", "blob:"))]


def analysed(page: Page, example: str = "Forged face") -> None:
    """Run an example to its end."""
    page.get_by_text(example).click()
    expect(page.locator("#status")).to_contain_text("sampled frames", timeout=120 * SECONDS)


def test_another_look_at_the_last_run(page: Page):
    analysed(page)
    names = page.locator("#cards .card h3")
    page.locator("#order").get_by_text("smallest").click()
    expect(names.first).to_have_text("lite0_kd_p35_int8")
    page.locator("#order").get_by_text("most suspicious").click()
    expect(names.first).not_to_have_text("lite0_kd_p35_int8")
    p_fake = [float(number) for number in page.locator("#cards .p").all_inner_texts()]
    assert p_fake == sorted(p_fake, reverse=True)
    first = page.locator("#heatmaps .time").first.inner_text()
    page.locator("#which").get_by_text("where the variants differ most").click()
    expect(page.locator("#heatmaps .time").first).not_to_have_text(first, timeout=30 * SECONDS)
    assert not page.problems


def test_a_moment_is_shown_and_clip_and_curves_follow(page: Page):
    analysed(page)
    expect(page.locator("#strip button")).to_have_count(32)
    page.locator("#strip button").nth(20).focus()
    page.keyboard.press("Enter")
    time_s = float(page.locator("#strip button").nth(20).get_attribute("data-time"))
    expect(page.locator("#moment .whole figcaption")).to_have_text(f"{time_s:.2f} s", timeout=30 * SECONDS)
    expect(page.locator("#moment .tiles figure")).to_have_count(1 + len(SHOWN_FIRST))
    expect(page.locator("#curves .playhead")).to_be_visible()
    video = page.locator("#annotated video")
    assert abs(video.evaluate("v => v.currentTime") - time_s) < 0.1
    before = page.locator("#curves .playhead").bounding_box()["x"]
    video.evaluate("v => { v.currentTime = 0.5; }")
    page.wait_for_function("x => document.querySelector('#curves .playhead').getBoundingClientRect().x < x", arg=before)
    assert not page.problems


def test_a_real_clip_through_the_tabs(page: Page, real_clips):
    page.locator("input[type=file]").first.set_input_files(str(real_clips / "real_several_shots.mp4"))
    expect(page.locator("video").first).to_be_visible(timeout=30 * SECONDS)
    page.locator("#run").click()
    expect(page.locator("#status")).to_contain_text("sampled frames", timeout=120 * SECONDS)
    expect(page.locator("#person")).to_be_hidden()  # many shots, but one person
    expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST))
    page.get_by_role("tab", name="Trade-off").click()
    expect(page.locator("#clip-trade-off .js-plotly-plot")).to_be_visible(timeout=30 * SECONDS)
    page.get_by_role("tab", name="Face map").click()
    page.locator("#map-draw").click()
    expect(page.locator("#map .js-plotly-plot")).to_be_visible(timeout=60 * SECONDS)
    page.get_by_role("tab", name="Compare").click()
    expect(page.locator("#cards .card")).to_have_count(len(SHOWN_FIRST))
    assert not page.problems


def test_a_link_restores_the_settings(page: Page, server):
    page.goto(f"{server}/?variants=b0,lite0&finder=haar&frames=12&engine=onnxruntime&layer=nonsense")
    expect(page.get_by_label("haar")).to_be_checked(timeout=20 * SECONDS)
    expect(page.get_by_label("number input for Frames")).to_have_value("12")
    expect(page.get_by_label("b0", exact=True)).to_be_checked()
    expect(page.get_by_label("lite0_kd", exact=True)).not_to_be_checked()
    page.locator("#link").click()
    page.wait_for_url(re.compile("variants=b0%2Clite0&finder=haar&frames=12&engine=onnxruntime"))
    assert "layer=pooled" in page.url


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
def test_dark_and_narrow(browser, server, scheme, width):
    with opened(browser, server, width, color_scheme=scheme) as page:
        analysed(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        level = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
        assert max(level) < 80 if scheme == "dark" else min(level) > 200


def test_stop_stops(page: Page):
    page.get_by_label("number input for Frames").fill("300")
    page.get_by_text("Untouched portrait").click()
    expect(page.locator("#status progress")).to_be_visible(timeout=60 * SECONDS)
    page.locator("#stop").click()
    expect(page.locator("#status")).to_contain_text("Stopped", timeout=10 * SECONDS)
    page.wait_for_timeout(3 * SECONDS)
    expect(page.locator("#status")).to_contain_text("Stopped")
    expect(page.locator("#cards .card")).to_have_count(0)


def test_a_clip_without_a_face_says_so(page: Page, tmp_path, released):
    clip = grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(25)])
    page.locator("input[type=file]").first.set_input_files(str(clip))
    expect(page.locator("video").first).to_be_visible(timeout=20 * SECONDS)
    page.locator("#run").click()
    expect(page.locator("#status .error")).to_contain_text("no face in 25 sampled frames", timeout=60 * SECONDS)
    expect(page.locator("#cards .pill")).to_have_text(["no face"] * len(SHOWN_FIRST))


def test_no_clip_gets_one_sentence(page: Page):
    page.locator("#run").click()
    expect(page.locator("#status .error")).to_contain_text("There is no clip yet", timeout=20 * SECONDS)


def test_the_zoo_is_listed(page: Page, released):
    page.get_by_role("tab", name="Zoo").click()
    for name in released:
        expect(page.get_by_role("gridcell", name=name, exact=True).first).to_be_visible()
    expect(page.locator("#which-zoo")).to_contain_text("The bundled zoo, revision")
    page.locator("#card-of input").click()
    page.get_by_role("option", name="lite0_kd_p35_int8").click()
    expect(page.locator("#model-card h1")).to_have_text(re.compile("lite0_kd_p35_int8"), timeout=10 * SECONDS)
