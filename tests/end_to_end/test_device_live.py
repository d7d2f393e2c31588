"""The page on the visitor's device, with a camera that shows a face."""

import av
import pytest
from playwright.sync_api import expect

from explorer.device.parts import PartsMissing, parts, prepare
from explorer.device.site import site_files
from model_zoo.hub import bundled_zoo
from tests.support.browser import SECONDS, chromium, opened
from tests.support.device_site import serving_site

FLAGS = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@pytest.mark.browser
def test_a_camera_is_judged_live(request, examples, tmp_path):
    folder = request.config.cache.mkdir("device-parts")
    try:
        prepare(folder)
    except PartsMissing as error:
        pytest.skip(str(error))
    picture = tmp_path / "camera.mjpeg"
    with av.open(str(examples["Untouched portrait"])) as clip, av.open(str(picture), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width = stream.height = 480
        stream.pix_fmt = "yuvj420p"
        for frame in clip.decode(video=0):
            container.mux(stream.encode(frame.reformat(format="yuvj420p")))
        container.mux(stream.encode(None))
    files = site_files(bundled_zoo(), parts(folder), folder, examples)
    camera = f"--use-file-for-fake-video-capture={picture}"
    with serving_site(lambda: files) as address, chromium(*FLAGS, camera) as browser, opened(browser, address) as page:
        expect(page.locator("#variants input:checked")).to_have_count(1)
        page.locator("#camera").click()
        expect(page.locator("#live .big")).to_contain_text("p_fake 0.", timeout=60 * SECONDS)
        page.locator("#stop").click()
        expect(page.locator("#live")).to_be_hidden()
        assert page.problems == []
