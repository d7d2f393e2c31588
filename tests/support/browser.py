"""Headless Chromium: how tests start it, and a page that keeps what goes wrong in it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking", "--no-first-run",
         "--disable-component-update", "--disable-sync")  # fmt: skip
FEW = "variants=lite0_kd,lite0_kd_int8&frames=8"  # a link's settings: a quick run, and no example's result
SECONDS = 1000  # milliseconds, in which Playwright counts

expect.set_options(timeout=30 * SECONDS)  # what is expected is waited for: a busy machine draws late


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser of its own, with these flags more; the test is skipped where Chromium is not installed."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, **settings: str) -> Iterator[Page]:
    """A page at this address; it lists errors of its scripts and of its console in `problems`."""
    page = browser.new_page(viewport={"width": width, "height": 1000}, **settings)
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
    page.goto(address)
    yield page
    page.close()


def upload(page: Page, clip: Path) -> None:
    """Give the Compare tab a clip in place of what is there, and wait until it can be analysed."""
    remove = page.locator("#clip").get_by_role("button", name=re.compile("remove|clear", re.I))
    if remove.count():
        remove.first.click()
    page.locator("#clip input[type=file]").set_input_files(str(clip))
    expect(page.locator("#status")).to_contain_text("is ready", timeout=60 * SECONDS)


def analysed(page: Page, example: str) -> None:
    """Run an example of the Compare tab to its end."""
    page.locator("#clip-examples button", has_text=example).click()
    expect(page.locator("#status")).to_contain_text("sampled frames", timeout=120 * SECONDS)


def wait_for_settings(page: Page, frames: int) -> None:
    """Until a link's settings stand in the Compare tab; what is folded is not laid out."""
    page.get_by_text("Face finder, frames, engine").click()
    expect(page.get_by_label("number input for Frames")).to_have_value(str(frames), timeout=60 * SECONDS)


@contextmanager
def first_visit(browser: Browser, address: str, width: int = 1280, **settings: str) -> Iterator[Page]:
    """The page as somebody sees it who comes without a link, once the app has prepared its example."""
    with opened(browser, address, width, **settings) as page:
        for _ in range(60):  # it is computed when the app has started
            try:
                page.locator("#headline .hero").wait_for(timeout=4 * SECONDS)
                break
            except TimeoutError:
                page.reload()
        expect(page.locator("#headline .hero")).to_be_visible()
        yield page
