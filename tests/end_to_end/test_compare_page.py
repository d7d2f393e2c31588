"""The Compare tab of the whole app in headless Chromium: click an example, see results."""

import re
from itertools import pairwise
from zipfile import ZipFile

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from model_zoo.variants import SHOWN_FIRST, plain_name
from tests.support.browser import SECONDS, first_visit, opened, upload, wait_for_settings
from tests.support.clips import grey_ramp

FEW = "variants=lite0_kd_p40,lite0_kd_p40_int8&frames=8"  # a link's settings: a quick run, and no example's result
MOST_BYTES = 3_500_000  # until the first verdict


@pytest.fixture
def page(browser, server):
    with opened(browser, server) as page:
        yield page


@pytest.fixture
def first(browser, server):
    """The page of a first visit, with the result of an example."""
    with first_visit(browser, server) as page:
        yield page


@pytest.fixture
def quick(browser, server):
    """The page with the settings of a quick run, unfolded: what is folded is not laid out."""
    with opened(browser, f"{server}/?{FEW}") as page:
        wait_for_settings(page, 8)
        yield page


def rows(page: Page):
    return page.locator("#detectors tbody")


def analysed(page: Page, example: str = "Forged face") -> None:
    """Run an example to its end."""
    page.locator("#clip-examples button", has_text=example).click()
    expect(page.locator("#status")).to_contain_text("sampled frames", timeout=120 * SECONDS)


def test_an_example_shows_results(browser, server):
    with opened(browser, f"{server}/?frames=32") as page:
        outside, taken, chrome = [], [], page.context.new_cdp_session(page)
        chrome.send("Network.enable")
        chrome.on("Network.loadingFinished", lambda loaded: taken.append(loaded["encodedDataLength"]))
        page.on("request", lambda request: outside.append(request.url) if server not in request.url else None)
        page.reload()
        expect(page.locator("#stop")).to_be_disabled()
        page.locator("#clip-examples button", has_text="Forged face").click()
        expect(page.locator("#run")).to_be_disabled()
        expect(page.locator("#stop")).to_be_enabled()
        expect(page.locator("#headline .hero .big")).to_contain_text("detectors", timeout=90 * SECONDS)
        assert sum(taken) < MOST_BYTES, f"{sum(taken) / 1e6:.1f} MB until the first verdict"
        for row, name in zip(rows(page).all(), SHOWN_FIRST, strict=True):
            expect(row.locator(".who b")).to_have_text(plain_name(name))
            expect(row.locator(".pill")).to_have_text(re.compile("fake|real|unsure"))
            assert 0 <= float(row.locator(".p").inner_text()) <= 1
            expect(row.locator(".about")).to_be_hidden()
        rows(page).first.locator(".more").click()
        expect(rows(page).first.locator(".about")).to_contain_text("speed-up over b0")
        expect(page.locator("#headline .care")).to_contain_text("not a proof")
        expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST), timeout=30 * SECONDS)
        expect(page.locator("#heatmaps img")).to_have_count(8 * (1 + len(SHOWN_FIRST)), timeout=30 * SECONDS)
        expect(page.locator("#status")).to_contain_text("32 of 32 sampled frames", timeout=60 * SECONDS)
        expect(page.locator("#run")).to_be_enabled()
        expect(page.locator("#stop")).to_be_disabled()
        expect(page.locator("#mosaic video")).to_be_visible(timeout=60 * SECONDS)
        video = page.locator("#annotated video")
        video.evaluate("v => new Promise(go => v.readyState > 1 ? go() : v.addEventListener('loadeddata', go))")
        assert video.evaluate("v => v.videoWidth") == 480
        expect(page.locator("#drawn progress")).to_have_count(0, timeout=60 * SECONDS)
        with page.expect_download() as download:
            page.locator("#download").click()
        with ZipFile(download.value.path()) as archive:
            names = archive.namelist()
            assert {"report.json", "frames.csv", "summary.html", "annotated.mp4", "mosaic.mp4"} <= set(names)
            assert sum(name.startswith("heatmaps/") for name in names) == 8 * len(SHOWN_FIRST)
            assert len(archive.read("frames.csv").splitlines()) == 33
            said = page.locator("#headline .big").inner_text()
            assert said in archive.read("summary.html").decode()  # one source
        assert download.value.suggested_filename.endswith(".zip")
        expect(page.locator("#times .bars .point")).to_have_count(3 + len(SHOWN_FIRST))
        assert not page.problems
        assert not [url for url in outside if not url.startswith(("data:", "blob:"))]


def test_a_first_visit_shows_a_result_before_any_click(first: Page):
    page = first
    expect(page.locator("#headline .mark")).to_contain_text(
        "An example, computed before: Forged from 1.5 s (real, then"
    )
    expect(page.locator("#headline .big")).to_contain_text("say fake, from 1.5 s to the end")
    expect(rows(page)).to_have_count(len(SHOWN_FIRST))
    expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST))
    expect(page.locator("#mosaic video")).to_be_visible()
    expect(page.locator("#clip input[type=file]")).to_have_count(1)  # a clip can be dropped at once
    page.locator("#strip button").nth(20).click()  # and it can be looked at as any other
    expect(page.locator("#moment .tiles figure")).to_have_count(1 + len(SHOWN_FIRST), timeout=30 * SECONDS)
    names = page.locator("#detectors .who small:not(.c)")
    page.locator("#detectors [data-sort=mb]").click()
    expect(names.first).to_have_text("lite0_kd_p35_int8")
    page.locator("#detectors [data-sort=mb]").click()
    expect(names.first).to_have_text("b0")
    page.locator("#detectors [data-sort=suspicion]").first.click()
    p_fake = [float(number) for number in page.locator("#detectors .p").all_inner_texts()]
    assert p_fake == sorted(p_fake, reverse=True)
    assert not page.problems


def test_a_run_is_looked_at_until_a_new_clip_takes_its_verdicts_with_it(quick: Page, portrait_clip):
    analysed(quick)
    expect(quick.locator("#headline .mark")).to_contain_text("An example: Forged face (forged: the same forgery")
    choose_a_moment_that_clip_and_curves_follow(quick)
    look_in_another_way(quick)
    take_a_new_clip_and_lose_the_old_verdicts(quick, portrait_clip)
    assert not quick.problems


def choose_a_moment_that_clip_and_curves_follow(quick: Page) -> None:
    expect(quick.locator("#annotated video")).to_be_visible(timeout=60 * SECONDS)
    expect(quick.locator("#strip button")).to_have_count(8)
    quick.locator("#strip button").nth(5).focus()
    quick.keyboard.press("Enter")
    time_s = float(quick.locator("#strip button").nth(5).get_attribute("data-time"))
    expect(quick.locator("#moment .whole figcaption")).to_have_text(f"{time_s:.2f} s", timeout=30 * SECONDS)
    expect(quick.locator("#moment .tiles figure")).to_have_count(3)
    expect(quick.locator("#curves .playhead")).to_be_visible()
    video = quick.locator("#annotated video")
    assert abs(video.evaluate("v => v.currentTime") - time_s) < 0.1
    before = quick.locator("#curves .playhead").bounding_box()["x"]
    video.evaluate("v => { v.currentTime = 0.5; }")
    quick.wait_for_function(
        "x => document.querySelector('#curves .playhead').getBoundingClientRect().x < x", arg=before
    )


def look_in_another_way(quick: Page) -> None:
    shown, calls = ",".join(quick.locator("#heatmaps .time").all_inner_texts()), []
    quick.on("request", lambda request: calls.append(request.url) if "/queue/join" in request.url else None)
    quick.locator("#which").get_by_text("where the variants differ most").click()
    times = "[...document.querySelectorAll('#heatmaps .time')].map(time => time.innerText).join()"
    quick.wait_for_function(f"shown => {times} !== shown", arg=shown)
    p_fake = [float(words) for words in quick.locator("#heatmaps figcaption").all_inner_texts() if words]
    apart = [abs(one - other) for one, other in zip(p_fake[:8], p_fake[8:], strict=True)]
    assert all(worse >= better - 0.02 for worse, better in pairwise(apart)), apart  # two digits are shown
    expect(quick.locator("#layer input")).to_be_disabled()  # does nothing for the evidence
    quick.wait_for_timeout(SECONDS / 2)
    calls.clear()
    quick.locator("#method input").click()
    quick.get_by_role("option", name="eigencam").click()
    expect(quick.locator("#heatmaps .computing")).to_be_visible(timeout=10 * SECONDS)
    expect(quick.locator("#heatmaps")).to_contain_text("eigencam of pytorch-grad-cam", timeout=90 * SECONDS)
    expect(quick.locator("#layer input")).to_be_enabled()
    quick.wait_for_timeout(SECONDS / 2)
    assert len(calls) <= 2, "a pick is computed once: the second call finds that it is shown"


def take_a_new_clip_and_lose_the_old_verdicts(quick: Page, clip) -> None:
    expect(quick.locator("#headline .of")).to_have_text("portrait_forged.mp4")
    quick.get_by_label("haar").check()
    expect(quick.locator("#stale")).to_contain_text("The settings have changed since this result")
    quick.get_by_label("mtcnn-tracked").check()
    expect(quick.locator("#stale .note")).to_have_count(0)
    quick.locator("#clip").get_by_role("button", name=re.compile("remove|clear", re.I)).first.click()
    expect(rows(quick)).to_have_count(0)
    expect(quick.locator("#headline .hero")).to_have_count(0)
    expect(quick.locator("#evidence")).to_be_hidden()
    expect(quick.locator("#clip-player video")).to_have_count(0)
    upload(quick, clip)
    expect(quick.locator("#status")).to_contain_text("portrait_untouched.mp4 is ready: press Analyse.")
    expect(rows(quick)).to_have_count(0)


def test_two_people_are_told_apart(quick: Page):
    analysed(quick, "Two people")
    expect(quick.locator("#headline .sub").first).to_contain_text("person 1")
    people = quick.locator("#people tbody tr")
    expect(people).to_have_count(2)
    expect(people.first.locator("img")).to_be_visible()
    expect(people.first.locator(".pill")).to_have_text(["▲ fake"] * 2)
    expect(people.last.locator(".pill")).to_have_text(["▼ real"] * 2)


def test_a_real_clip_through_the_tabs(page: Page, real_clips):
    upload(page, real_clips / "real_several_shots.mp4")
    expect(page.locator("#clip-player video")).to_be_visible(timeout=30 * SECONDS)
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
    expect(rows(page)).to_have_count(len(SHOWN_FIRST))
    assert not page.problems


def test_a_link_restores_the_settings(page: Page, server):
    page.goto(f"{server}/?variants=b0,lite0&finder=haar&frames=12&engine=onnxruntime&layer=nonsense")
    page.get_by_text("Face finder, frames, engine").click()
    page.get_by_text("Choose detectors").click()
    expect(page.get_by_label("haar")).to_be_checked(timeout=20 * SECONDS)
    expect(page.get_by_label("number input for Frames")).to_have_value("12")
    expect(page.get_by_role("checkbox", name=re.compile("^Large: EfficientNet-B0"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile(r"^Small, taught by B0 \("))).not_to_be_checked()
    page.locator("#link").click()
    page.wait_for_url(re.compile("variants=b0%2Clite0&finder=haar&frames=12&engine=onnxruntime"))
    assert "layer=pooled" in page.url
    expect(page.locator("#link")).to_have_text(re.compile("Copied|address bar"))


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
def test_dark_and_narrow(browser, server, scheme, width):
    with opened(browser, f"{server}/?{FEW}", width, color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 844})
        analysed(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        level = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
        assert max(level) < 80 if scheme == "dark" else min(level) > 200
        expect(page.locator("#headline .big")).to_be_in_viewport()  # without scrolling
        expect(page.get_by_label("haar")).to_be_hidden()  # settings are folded


def test_stop_stops(quick: Page):
    quick.get_by_label("number input for Frames").fill("300")
    for _ in range(3):
        quick.locator("#clip-examples button", has_text="Untouched portrait").click()
        expect(quick.locator("#status")).to_contain_text("finding faces", timeout=60 * SECONDS)
        quick.locator("#stop").click()
        expect(quick.locator("#status")).to_contain_text("Stopped", timeout=10 * SECONDS)
        expect(quick.locator("#run")).to_be_enabled()
        expect(quick.locator("#stop")).to_be_disabled()
        quick.wait_for_timeout(SECONDS)
        expect(quick.locator("#status")).to_contain_text("Stopped")
        expect(quick.get_by_text("Error", exact=True)).to_have_count(0)
    expect(quick.locator("#detectors .pill")).to_have_count(0)


def test_a_clip_without_a_face_says_so(quick: Page, tmp_path, released):
    upload(quick, grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(25)]))
    expect(quick.locator("#clip-player video")).to_be_visible(timeout=20 * SECONDS)
    quick.locator("#run").click()
    expect(quick.locator("#status .error")).to_contain_text("no face in 8 sampled frames", timeout=60 * SECONDS)
    expect(quick.locator("#headline .big")).to_contain_text("No face was found: there is no verdict")
    expect(quick.locator("#detectors .pill")).to_have_text(["no face"] * 2)
    expect(quick.locator("#evidence")).to_be_hidden()


def test_a_clip_that_the_browser_cannot_play_is_shown_by_a_frame(quick: Page, tmp_path):
    path = tmp_path / "old.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for level in range(5):
            picture = np.full((64, 64, 3), 50 * level, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    upload(quick, path)
    expect(quick.locator("#clip-player .unplayable")).to_contain_text(
        "This browser cannot play old.mp4; the server can"
    )
    expect(quick.locator("#clip-player img")).to_be_visible()
    expect(quick.locator("#clip-player video")).to_have_count(0)


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
