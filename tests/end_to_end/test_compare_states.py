"""What the Compare tab says when there is no result, and what a link sets."""

import re

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from model_zoo.manifest import read_manifest
from model_zoo.variants import plain_name
from tests.support.browser import FEW, SECONDS, opened, upload, wait_for_settings
from tests.support.clips import grey_ramp


@pytest.fixture(scope="module")
def page(browser, server):
    """One for all: each test brings its own clip."""
    with opened(browser, f"{server}/?{FEW}") as page:
        wait_for_settings(page, 8)
        yield page


def test_no_clip_gets_one_sentence(page: Page):
    page.locator("#run").click()
    expect(page.locator("#status .error")).to_contain_text("There is no clip yet", timeout=20 * SECONDS)


def test_a_clip_without_a_face_says_so(page: Page, tmp_path, released):
    upload(page, grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(25)]))
    expect(page.locator("#clip-player video")).to_be_visible(timeout=20 * SECONDS)
    page.locator("#run").click()
    expect(page.locator("#status .error")).to_contain_text("no face in 8 sampled frames", timeout=60 * SECONDS)
    expect(page.locator("#headline .big")).to_contain_text("No face was found: there is no verdict")
    expect(page.locator("#detectors .pill")).to_have_text(["no face"] * 2)
    expect(page.locator("#evidence")).to_be_hidden()


def test_a_clip_that_the_browser_cannot_play_is_shown_by_a_frame(page: Page, tmp_path):
    path = tmp_path / "old.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for level in range(5):
            picture = np.full((64, 64, 3), 50 * level, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    upload(page, path)
    expect(page.locator("#clip-player .unplayable")).to_contain_text("This browser cannot play old.mp4; the server can")
    expect(page.locator("#clip-player img")).to_be_visible()
    expect(page.locator("#clip-player video")).to_have_count(0)


def test_stop_stops(page: Page):
    page.get_by_label("number input for Frames").fill("300")
    for _ in range(2):
        page.locator("#clip-examples button", has_text="Untouched portrait").click()
        expect(page.locator("#status")).to_contain_text("finding faces", timeout=60 * SECONDS)
        page.locator("#stop").click()
        expect(page.locator("#status")).to_contain_text("Stopped", timeout=10 * SECONDS)
        expect(page.locator("#run")).to_be_enabled()
        expect(page.locator("#stop")).to_be_disabled()
        page.wait_for_timeout(SECONDS / 2)
        expect(page.locator("#status")).to_contain_text("Stopped")
        expect(page.get_by_text("Error", exact=True).filter(visible=True)).to_have_count(0)
    expect(page.locator("#detectors .pill")).to_have_count(0)


def test_a_link_restores_the_settings(page: Page, server):
    page.goto(f"{server}/?variants=b0,lite0&finder=haar&frames=12&engine=onnxruntime&layer=nonsense")
    page.get_by_text("Face finder, frames, engine").click()
    page.get_by_text("Choose detectors").click()
    expect(page.get_by_label("haar")).to_be_checked(timeout=20 * SECONDS)
    expect(page.get_by_label("number input for Frames")).to_have_value("12")
    expect(page.get_by_role("checkbox", name=re.compile(r"\| Large: EfficientNet-B0"))).to_be_checked()
    expect(page.get_by_role("checkbox", name=re.compile(r"\| Small, taught by B0 \("))).not_to_be_checked()
    expect(page.locator("#preset input:checked")).to_have_count(0)  # a choice of one's own
    page.locator("#link").click()
    page.wait_for_url(re.compile("variants=b0%2Clite0&finder=haar&frames=12&engine=onnxruntime"))
    assert "layer=pooled" in page.url
    expect(page.locator("#link")).to_have_text(re.compile("Copied|address bar"))
    page.locator("#preset").get_by_text("the smallest").click()
    least = min(read_manifest().variants.values(), key=lambda row: row.bytes)
    smallest = page.get_by_role("checkbox", name=f"| {plain_name(least.name)} (")
    expect(smallest).to_be_checked()
    smallest.uncheck()
    expect(page.locator("#preset input:checked")).to_have_count(0)
    smallest.check()
    expect(page.locator("#preset input:checked")).to_have_value("the smallest")


def test_the_zoo_is_listed(page: Page, released):
    page.get_by_role("tab", name="Zoo").click()
    for name in released:
        expect(page.get_by_role("gridcell", name=name, exact=True).first).to_be_visible()
    expect(page.locator("#which-zoo")).to_contain_text("The bundled zoo, revision")
    page.locator("#card-of input").click()
    page.get_by_role("option", name="lite0_kd_p35_int8").click()
    expect(page.locator("#model-card h1")).to_have_text(re.compile("lite0_kd_p35_int8"), timeout=10 * SECONDS)
