"""The page on the visitor's device, with a camera that shows a face, and with a tab that does."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import Page, expect

from explorer.device.parts import PartsMissing, parts, prepare
from explorer.device.site import site_files
from model_zoo.hub import bundled_zoo
from tests.support.browser import SECONDS, chromium, opened
from tests.support.device_site import serving_site

CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
TITLE = "A face"  # of the tab that is captured
SCREEN = f"--auto-select-tab-capture-source-by-title={TITLE}"


@pytest.fixture(scope="module")
def address(request, examples) -> Iterator[str]:
    """The page's, served on loopback."""
    folder = request.config.cache.mkdir("device-parts")
    try:
        prepare(folder)
    except PartsMissing as error:
        pytest.skip(str(error))
    files = site_files(bundled_zoo(), parts(folder), folder, examples)
    with serving_site(lambda: files) as address:
        yield address


def watched(page: Page, source: str) -> None:
    """Press a source, and wait until a face in it is judged."""
    expect(page.locator("#variants input:checked")).to_have_count(1)
    page.locator(f"#{source}").click()
    expect(page.locator("#live .big")).to_contain_text("p_fake 0.", timeout=60 * SECONDS)


@pytest.mark.browser
def test_a_camera_is_judged_live(address, examples, tmp_path):
    picture = tmp_path / "camera.mjpeg"
    with av.open(str(examples["Untouched portrait"])) as clip, av.open(str(picture), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width = stream.height = 480
        stream.pix_fmt = "yuvj420p"
        for frame in clip.decode(video=0):
            container.mux(stream.encode(frame.reformat(format="yuvj420p")))
        container.mux(stream.encode(None))
    flags = (*CAMERA, f"--use-file-for-fake-video-capture={picture}")
    with chromium(*flags) as browser, opened(browser, address) as page:
        watched(page, "camera")
        page.locator("#stop").click()
        expect(page.locator("#live")).to_be_hidden()
        assert page.problems == []


@pytest.mark.browser
def test_a_screen_is_judged_live_until_it_ends(address, examples):
    with chromium(SCREEN) as browser, opened(browser, "about:blank") as shown, opened(browser, address) as page:
        shown.set_content(_playing(examples["Untouched portrait"]))
        watched(page, "screen")
        shown.set_content("<title>Nothing</title>")
        expect(page.locator("#live .big")).to_have_text("no face")
        shown.close()
        expect(page.locator("#status")).to_have_text("The live picture has ended.")
        expect(page.locator("#live")).to_be_hidden()
        assert page.problems == []


def _playing(clip: Path) -> str:
    source = f"data:video/mp4;base64,{b64encode(clip.read_bytes()).decode()}"
    return f'<title>{TITLE}</title><video autoplay loop muted src="{source}"></video>'
