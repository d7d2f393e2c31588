"""Guests in the whole app, in headless Chromium: beside the zoo, and what cannot be served in a sentence."""

import re
from pathlib import Path

from playwright.sync_api import expect

from explorer.paths import CACHE
from tests.support.browser import SECONDS, opened, wait_for_settings
from tests.support.guests import write_onnx_guest

ROOT = Path(__file__).resolve().parents[2]
GUESTS = '[[guest]]\nfolder = "tiny"\n[[guest]]\nfolder = "unnamed"\n'


def test_a_guest_stands_beside_the_zoo(browser, start_app, tmp_path):
    write_onnx_guest(tmp_path / "tiny")
    write_onnx_guest(tmp_path / "unnamed", {"0": "LABEL_0", "1": "LABEL_1"})
    (tmp_path / "guests.toml").write_text(GUESTS)
    settings = {"EXPLORER_GUESTS": str(tmp_path / "guests.toml"), "EXPLORER_CACHE": str(CACHE), "HF_HUB_OFFLINE": "1"}
    link = "variants=lite0_kd_p40_int8,tiny&frames=4"
    with start_app(ROOT, **settings) as address, opened(browser, f"{address}/?{link}") as page:
        wait_for_settings(page, 4)
        page.locator("#clip-examples button", has_text="Untouched portrait").click()
        row = page.locator("#detectors tbody[data-name=tiny]")
        expect(row.locator(".pill")).to_have_text(re.compile("fake|real|unsure"), timeout=90 * SECONDS)
        expect(page.locator("#heatmaps img")).to_have_count(4 * 3, timeout=60 * SECONDS)  # crops, and each one's maps
        row.locator(".more").click()
        expect(row.locator(".about")).to_contain_text("fake: fake (output 1); real: real (output 0)")
        expect(page.locator("#preset")).to_contain_text("five typical and guests")
        page.get_by_role("tab", name="Zoo").click()
        expect(page.locator("#guests")).to_contain_text("unnamed is not served: its labels are 'LABEL_0', 'LABEL_1'")
        assert not page.problems
