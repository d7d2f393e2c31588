"""python benchmarks/start.py [--rounds 3]

Seconds from `python app.py` to a page that can be clicked, and from a click on an example to the first verdict, the
last verdict and the whole result, in headless Chromium; medians, each round in a fresh process.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # a script's own folder is on the path, the root is not

from explorer.cpu import cpu_facts
from model_zoo.variants import SHOWN_FIRST

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = "Forged face"
STEPS = ("page", "first verdict", "last verdict", "whole result")
MINUTE = 60_000  # milliseconds
OWN = "!document.querySelector('#headline').innerText.includes('computed before') && "  # no result of an earlier run


def measure(browser: Browser) -> list[float]:
    """Seconds of the STEPS, the last three counted from the click."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    command, quiet = [sys.executable, "app.py"], subprocess.DEVNULL
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port)}
    app = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        page = browser.new_page()
        while True:
            try:
                page.goto(f"http://127.0.0.1:{port}", timeout=MINUTE)
                break
            except Exception:  # Playwright's error for a refused connection has no type of its own
                time.sleep(0.05)
        example = page.get_by_text(EXAMPLE).first
        example.wait_for(timeout=MINUTE)
        spent = [time.perf_counter() - began]
        clicked = time.perf_counter()
        example.click()
        for step in (
            "document.querySelectorAll('#detectors .pill').length > 0",
            f"document.querySelectorAll('#detectors .pill').length == {len(SHOWN_FIRST)}",
            "document.querySelector('#status').innerText.includes('sampled frames')",
        ):
            page.wait_for_function(OWN + step, timeout=2 * MINUTE)
            spent.append(time.perf_counter() - clicked)
        page.close()
        return spent
    finally:
        app.terminate()
        app.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--headless=new", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        rounds = [measure(browser) for _ in range(args.rounds)]
    medians = [statistics.median(values) for values in zip(*rounds, strict=True)]
    print(f"| {' | '.join(STEPS)} |\n|{'---|' * len(STEPS)}")
    print(f"| {' | '.join(f'{value:.1f} s' for value in medians)} |")
    print(f"\n{cpu_facts().model}, {cpu_facts().threads} threads, {args.rounds} rounds")


if __name__ == "__main__":
    main()
