"""python benchmarks/pictures.py

The README's pictures, taken of the running app in headless Chromium; only the generated example clip is shown.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = Path(__file__).with_name("pictures")
MINUTE = 60_000  # milliseconds


def open_page(page: Page, address: str) -> None:
    """Wait for the app and analyse the forged example, with one moment chosen."""
    while True:
        try:
            page.goto(address, timeout=MINUTE)
            break
        except Error:  # not listening yet
            time.sleep(0.2)
    page.get_by_text("Forged from 1.5 s").first.click(timeout=MINUTE)
    page.wait_for_function("document.querySelector('#status').innerText.includes('sampled frames')", timeout=2 * MINUTE)
    page.locator("#strip button").nth(6).click()
    page.locator("#moment img").first.wait_for(timeout=MINUTE)
    page.wait_for_timeout(1000)


def take(page: Page) -> None:
    """One picture a tab."""
    shoot(page, "compare", 2100)
    page.get_by_role("tab", name="Trade-off").click()
    page.wait_for_timeout(3000)
    shoot(page, "tradeoff", 1000)
    page.get_by_role("tab", name="Face map").click()
    page.locator("#map-draw").click()
    page.locator("#map .js-plotly-plot").wait_for(timeout=MINUTE)
    page.wait_for_timeout(3000)
    shoot(page, "face_map", 1000)


def shoot(page: Page, name: str, height: int) -> None:
    """The upper `height` pixels of the page."""
    clip: Any = {"x": 0, "y": 0, "width": 1280, "height": height}
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=80, clip=clip, full_page=True)


def main() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port)}
    app = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        with sync_playwright() as playwright:
            flags = ["--no-sandbox", "--headless=new", "--disable-gpu", "--use-gl=swiftshader"]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
            page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
            open_page(page, f"http://127.0.0.1:{port}")
            PICTURES.mkdir(exist_ok=True)
            take(page)
    finally:
        app.terminate()
        app.wait()


if __name__ == "__main__":
    main()
