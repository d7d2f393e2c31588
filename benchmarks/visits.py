"""Visits of the page on the visitor's device, in headless Chromium."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, Route

from tests.support.browser import SECONDS, chromium, opened

WIDTH = 1400
DONE = """() => /all on this device/.test(document.getElementById('status').textContent)
  || !document.getElementById('problem').hidden"""
CLICK = """title => new Promise((resolve) => {
  const clicked = performance.now();
  new MutationObserver(() => {
    if (document.querySelector("[data-result]")) resolve((performance.now() - clicked) / 1000);
  }).observe(document.getElementById("result"), { childList: true, subtree: true });
  [...document.querySelectorAll("#examples button")].find((each) => each.textContent.startsWith(title)).click();
})"""
JUDGE_CROPS = """async ([names, frames]) => {
  const modules = ["crops", "device", "pipeline", "runtime"];
  const [crops, device, pipeline, runtime] = await Promise.all(modules.map((each) => import(`./${each}.js`)));
  const { CROP_SIDE } = crops;
  const site = await device.readDevice();
  globalThis.open ??= {};
  const networkOf = (globalThis.networkOf ??= await runtime.openRuntime(site.runtime, 1));
  const judged = Object.fromEntries(names.map((name) => [name, []]));
  for (const { path, width, height, boxes } of frames) {
    const data = new Uint8Array(await (await fetch(path)).arrayBuffer());
    const cut = boxes.map((box) => crops.cutFace({ width, height, channels: 3, data }, box, CROP_SIDE));
    for (const name of names) {
      const variant = site.variants.find((each) => each.name === name);
      const network = await (globalThis.open[name] ??= networkOf(variant.files));
      for (const crop of cut)
        judged[name].push((await pipeline.judgeCrop(network, crops.resizeCrop(crop, variant.inputSize))).pFake);
    }
  }
  return judged;
}"""


@dataclass(frozen=True)
class CropsOfFrame:
    """A frame that lies beside the page as `path`, RGB bytes (height, width, 3), and boxes of faces in it (N, 4)."""

    path: str
    width: int
    height: int
    boxes: list[list[float]]


@contextmanager
def page_with(address: str, threads: bool) -> Iterator[Page]:
    """The page in a browser of its own; without threads it runs where pages may not share memory."""
    with chromium() as browser, opened(browser, "about:blank", WIDTH, service_workers="block") as page:
        if not threads:
            page.route(f"{address}**", lambda route: _without_isolation(route) and None)
        page.goto(address)
        page.locator("#variants input").first.wait_for()
        yield page


def visited(page: Page, clip: Path, names: Sequence[str], frames: int) -> dict[str, dict[str, Any]]:
    """Judge a clip in the page: its rows by variant, with faces' p_fake, times and boxes; empty where it refuses."""
    page.locator("#frames").fill(str(frames))
    tick(page, names)
    page.evaluate("document.getElementById('status').textContent = ''")
    page.locator("#file").set_input_files(str(clip))
    page.wait_for_function("() => document.getElementById('status').textContent")
    page.wait_for_function(DONE, timeout=600 * SECONDS)
    rows = [json.loads(row.get_attribute("data-result") or "") for row in page.locator("[data-result]").all()]
    return {row["name"]: row for row in rows}


def refusal(page: Page) -> str:
    """Why the page has not judged what it was given last; empty where it has."""
    problem = page.locator("#problem")
    return problem.inner_text() if problem.is_visible() else ""


def tick(page: Page, names: Sequence[str]) -> None:
    """Choose these detectors and no others."""
    for box in page.locator("#variants input").all():
        box.set_checked(box.get_attribute("value") in names)


def first_verdict(address: str, title: str) -> tuple[float, dict[str, int]]:
    """Seconds from the click on an example to a verdict, one thread, nothing fetched before but the page itself; and
    the bytes of each file that came until then, by path."""
    sizes: dict[str, int] = {}
    with chromium() as browser, opened(browser, "about:blank", WIDTH, service_workers="block") as page:

        def passed_on(route: Route) -> None:
            path = route.request.url.removeprefix(address).partition("?")[0]
            sizes[path or "index.html"] = _without_isolation(route)

        page.route(f"{address}**", passed_on)
        page.goto(address)
        page.locator("#variants input").first.wait_for()
        return float(page.evaluate(CLICK, title)), sizes


def judged_crops(page: Page, names: Sequence[str], frames: Sequence[CropsOfFrame]) -> Mapping[str, list[float]]:
    """p_fake of the boxes of frames, frame by frame, cut, scaled and judged by the page's own modules, by variant."""
    judged: dict[str, list[float]] = page.evaluate(JUDGE_CROPS, [list(names), [vars(each) for each in frames]])
    return judged


def renderer_mb() -> float:
    """Memory of Chromium's processes that run pages, what they share counted in each, in MB."""
    children = psutil.Process().children(recursive=True)
    return sum(each.memory_info().rss for each in children if "--type=renderer" in each.cmdline()) / 1e6


def _without_isolation(route: Route) -> int:
    """Answers as the server does, but for the headers that isolate the page; the bytes of the body."""
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if not name.startswith("cross-origin-")}
    body = answer.body()
    route.fulfill(response=answer, headers=headers, body=body)
    return len(body)
