"""Files whose names are markup: in the API's answers, in the page, and in whatever shows a name."""

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from playwright.sync_api import expect

from explorer.exports.conclusion import conclude
from explorer.pages.components.detector_table import Run, detector_table
from explorer.pages.components.headline import headline
from explorer.pages.components.kept import kept
from explorer.pages.components.messages import sentence, summary
from explorer.pages.tradeoff import _last_run
from explorer.structures import Report, VariantError
from model_zoo.manifest import RELEASE
from model_zoo.zoo import Zoo
from tests.support.browser import SECONDS, opened, upload, wait_for_settings
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere, report_of, runner
from tests.support.html import Reader

NASTY = "<img src=x onerror=alert(1)>.mp4"
KEPT = "img src=x onerror=alert(1).mp4"  # what Gradio leaves of it when it is uploaded
COLOURS = {"b0": "#0072B2"}


def reported(tmp_path: Path, finder=everywhere) -> Report:
    clip = grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(10)])
    return report_of(clip, {"b0": lambda: runner("b0")}, finder, frames=2, name=NASTY)


def test_what_shows_a_name_shows_it_as_it_is(tmp_path):
    report, blind = reported(tmp_path), reported(tmp_path, nowhere)
    errors = [VariantError(NASTY, NASTY)]
    pages = {
        "summary": summary(report),
        "summary without a face": summary(blind),
        "sentence": sentence(f"{NASTY} cannot be read.", "error"),
        "table": detector_table(
            Run(report.variants, errors, report=report), COLOURS, Zoo(RELEASE, "bundled", "0" * 64), {}
        ),
        "headline": headline(conclude(report, {}), NASTY, NASTY),
        "trade-off": _last_run(kept(report), COLOURS)[0],
    }
    for what, page in pages.items():
        read = Reader(page)
        assert NASTY in read.text, what
        assert "img" not in read.tags, what
        assert not [name for _, given in read.elements for name in given if name.startswith("on")], what


@pytest.mark.parametrize("name", [NASTY, f'"><script>{NASTY}', f"..\\../{NASTY}"])
def test_the_api_gives_back_no_markup(server, portrait_clip, name):
    files = {"files": (name, portrait_clip.read_bytes())}
    path = httpx.post(f"{server}/gradio_api/upload", files=files).json()[0]
    data = [{"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": name}, ["lite0"], 2, "haar", "auto"]
    address = f"{server}/gradio_api/call/analyze"
    event = httpx.post(address, json={"data": data}).json()["event_id"]
    kind, data = httpx.get(f"{address}/{event}", timeout=120).text.strip().split("\n\n")[-1].split("\n")
    assert kind == "event: complete"
    report = json.loads(data.removeprefix("data: "))[0]
    assert report["clip"]["name"].endswith(KEPT)
    assert not set('<>"/\\') & set(report["clip"]["name"])


def test_the_page_runs_nothing_of_a_name(browser, server, portrait_clip, tmp_path):
    shutil.copy(portrait_clip, tmp_path / NASTY)
    with opened(browser, f"{server}/?variants=lite0&finder=haar&frames=2") as page:
        alarms = []
        page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: alarms.append(request.url) if request.url.endswith("/x") else None)
        wait_for_settings(page, 2)
        upload(page, tmp_path / NASTY)
        page.locator("#run").click()
        expect(page.locator("#status")).to_contain_text(f"2 of 2 sampled frames of {KEPT}", timeout=120 * SECONDS)
        with page.expect_download() as download:
            page.locator("#download").click()
        with ZipFile(download.value.path()) as taken:
            assert not [name for name in taken.namelist() if "onerror" in name]
            assert "img" not in Reader(taken.read("summary.html").decode()).tags
        page.get_by_role("tab", name="Trade-off").click()
        expect(page.locator("#clip-said")).to_contain_text(KEPT, timeout=30 * SECONDS)
        page.get_by_role("tab", name="Face map").click()
        page.locator("#map-draw").click()
        expect(page.locator("#map-status")).to_contain_text("a map needs at least 5 faces", timeout=60 * SECONDS)
        assert page.locator("img[src='x'], [onerror]").count() == 0
        assert alarms == []
