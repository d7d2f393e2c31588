"""The Compare tab of the whole app in headless Chromium: click an example, see results, look at them."""

import re
from itertools import pairwise
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from model_zoo.variants import SHOWN_FIRST, plain_name
from tests.support.browser import FEW, SECONDS, analysed, first_visit, opened, upload, wait_for_settings

MOST_BYTES = 3_500_000  # until the first verdict
FIRST = "Forged from 1.5 s"
PAINTED = """canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
  .filter((value, i) => i % 4 === 3 && value).length"""


@pytest.fixture(scope="module")
def quick(browser, server):
    """A page with the settings of a quick run, unfolded: what is folded is not laid out."""
    with opened(browser, f"{server}/?{FEW}") as page:
        wait_for_settings(page, 8)
        yield page


def rows(page: Page):
    return page.locator("#detectors tbody")


def test_a_first_visit_shows_a_result_before_any_click(browser, server):
    with first_visit(browser, server) as page:
        expect(page.locator("#headline .mark")).to_contain_text(f"An example, computed before: {FIRST} (real, then")
        expect(page.locator("#headline .big")).to_contain_text("say fake, from 1.5 s to the end")
        expect(rows(page)).to_have_count(len(SHOWN_FIRST))
        expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST))
        expect(page.locator("#stage video")).to_be_visible()
        expect(page.locator("#firm")).to_be_enabled()
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


def test_a_phone_reads_the_sentence_after_one_tap(browser, server):
    """And fetches little until then; five seconds are the promise on a machine that does nothing else."""
    with opened(browser, f"{server}/?frames=32", width=390) as page:
        page.set_viewport_size({"width": 390, "height": 844})
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
        expect(page.locator("#headline .big")).to_be_in_viewport(ratio=1)  # without scrolling
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_label("haar")).to_be_hidden()  # settings are folded
        for row, name in zip(rows(page).all(), SHOWN_FIRST, strict=True):
            expect(row.locator(".who b")).to_have_text(plain_name(name))
            expect(row.locator(".pill")).to_have_text(re.compile("fake|real|unsure"))
            assert 0 <= float(row.locator(".p").inner_text()) <= 1
            expect(row.locator(".about")).to_be_hidden()
        rows(page).first.locator(".more").click()
        expect(rows(page).first.locator(".about")).to_contain_text("speed-up over b0")
        expect(page.locator("#headline .care")).to_contain_text("not a proof")
        expect(page.locator("#curves .scatterlayer .trace")).to_have_count(len(SHOWN_FIRST))
        expect(page.locator("#heatmaps img")).to_have_count(8 * (1 + len(SHOWN_FIRST)))
        expect(page.locator("#status")).to_contain_text("32 of 32 sampled frames", timeout=60 * SECONDS)
        expect(page.locator("#run")).to_be_enabled()
        expect(page.locator("#stop")).to_be_disabled()
        expect(page.locator("#times .bars .point")).to_have_count(3 + len(SHOWN_FIRST))
        take_everything_home(page)
        assert not page.problems
        assert not [url for url in outside if not url.startswith("data:")]


def take_everything_home(page: Page) -> None:
    """The clips are drawn by then, and in the zip."""
    expect(page.locator("#mosaic details")).to_be_visible(timeout=60 * SECONDS)
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


def test_a_run_is_looked_at_until_a_new_clip_takes_its_verdicts_with_it(quick: Page, portrait_clip):
    analysed(quick, "Forged face")
    expect(quick.locator("#headline .mark")).to_contain_text("An example: Forged face (forged: the same forgery")
    choose_a_moment_that_clip_and_curves_follow(quick)
    look_at_the_playing_clip(quick)
    look_in_another_way(quick)
    take_a_new_clip_and_lose_the_old_verdicts(quick, portrait_clip)
    assert not quick.problems


def choose_a_moment_that_clip_and_curves_follow(quick: Page) -> None:
    expect(quick.locator("#strip button")).to_have_count(8)
    button, video = quick.locator("#strip button").nth(5), quick.locator("#stage video")
    video.evaluate("v => new Promise(go => v.readyState > 1 ? go() : v.addEventListener('loadeddata', go))")
    button.focus()
    quick.keyboard.press("Enter")
    time_s = float(button.get_attribute("data-time"))
    expect(quick.locator("#moment .whole figcaption")).to_have_text(f"{time_s:.2f} s", timeout=30 * SECONDS)
    expect(quick.locator("#moment .tiles figure")).to_have_count(3)
    expect(quick.locator("#curves .playhead")).to_be_visible()
    assert abs(video.evaluate("v => v.currentTime") - time_s) < 0.1
    said = [words.split()[-1] for words in quick.locator("#moment .tiles figcaption").all_inner_texts()[1:]]
    expect(quick.locator("#stage .mosaic b")).to_have_text(said)  # the mosaic shows the same moment
    before = quick.locator("#curves .playhead").bounding_box()["x"]
    video.evaluate("v => { v.currentTime = 0.8; }")
    quick.wait_for_function(
        "x => document.querySelector('#curves .playhead').getBoundingClientRect().x < x", arg=before
    )
    expect(quick.locator("#strip [aria-current=true]")).to_have_attribute("data-time", re.compile("^0.7"))


def look_at_the_playing_clip(quick: Page) -> None:
    fetched = []
    quick.on("request", lambda request: fetched.append(request.url) if "annotated.mp4" in request.url else None)
    over, second = quick.locator("#stage .screen").first.locator("canvas"), quick.locator("#stage .second")
    heat = over.evaluate(PAINTED)
    assert heat > 1000
    assert all(panel.evaluate(PAINTED) > 20_000 for panel in quick.locator("#stage .mosaic canvas").all())
    quick.locator("#stage fieldset input").nth(2).focus()
    quick.keyboard.press("ArrowLeft")  # boxes
    expect(quick.locator("#stage select")).to_be_disabled()  # of all detectors together
    assert 0 < over.evaluate(PAINTED) < heat
    quick.get_by_label("original beside it").check()
    expect(second).to_be_visible()
    assert over.evaluate(PAINTED) == 0 and second.locator("canvas").evaluate(PAINTED) > heat
    quick.get_by_label("original beside it").uncheck()
    expect(quick.locator("#annotated details")).to_be_visible(timeout=60 * SECONDS)
    assert not fetched
    quick.locator("#annotated summary").click()
    expect(quick.locator("#annotated video")).to_be_visible()


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
    quick.wait_for_timeout(SECONDS / 3)
    calls.clear()
    quick.locator("#method input").click()
    quick.get_by_role("option", name="eigencam").click()
    expect(quick.locator("#heatmaps .computing")).to_be_visible(timeout=10 * SECONDS)
    expect(quick.locator("#heatmaps")).to_contain_text("eigencam of pytorch-grad-cam", timeout=90 * SECONDS)
    expect(quick.locator("#layer input")).to_be_enabled()
    quick.wait_for_timeout(SECONDS / 3)
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
