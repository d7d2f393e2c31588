"""Jobs that are stopped, each at another moment: the worker is free at once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, cast

import httpx
from gradio_client import Client, handle_file
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.soak.checks import Check
from benchmarks.soak.material import Order

FREE_S = 1.0  # also the longest time in which a job may show no progress: it can be stopped only where it does
SMALL = dict(variants=["lite0_kd_p35_int8"], frames=1, finder="haar", api_name="/analyze")


class Ended(Exception):
    """The job was over before it was stopped."""


@dataclass(frozen=True)
class Job:
    """What is to be stopped, and after how many seconds of work."""

    address: str
    clip: Path
    frames: int
    variants: list[str]
    after_s: float = 0.0


def stop_jobs(job: Job, small: Order, counts: dict[str, int], browser: str | None, slack: float) -> list[Check]:
    """`counts` says how often each way to stop is taken: "cancelled" by gradio_client, "hung up" on, or its "tab
    closed" in the `browser` at that path."""
    client = Client(job.address, verbose=False)
    whole_s, silence_s = _whole(client, job)
    usual_s = median(_small_job(client, small) for _ in range(5))
    checks = [
        Check(f"longest silence in a job of {whole_s:.0f} s", f"{silence_s:.2f} s", f"under {FREE_S * slack:g} s",
              silence_s < FREE_S * slack)
    ]  # fmt: skip
    with _tabs(browser if "tab closed" in counts else None) as new_tab:
        ways: dict[str, Any] = {
            "cancelled": _cancelled,
            "hung up": _hung_up,
            "tab closed": partial(_closed, cast(Any, new_tab)),
        }
        for way, count in counts.items():
            moments = [whole_s * 0.9 * (index + 0.5) / count for index in range(count)]
            free_s = [_stop(ways[way], replace(job, after_s=moment), client, small) - usual_s for moment in moments]
            checks.append(_summary(way, moments, free_s, slack))
    return checks


def _whole(client: Client, job: Job) -> tuple[float, float]:
    """The seconds that the job takes once everything is loaded, and the longest between two signs of life."""
    order = dict(frames=job.frames, variants=job.variants, api_name="/analyze")
    client.predict(handle_file(str(job.clip)), **order | {"frames": 8})
    moments = [time.monotonic()]
    for _ in client.submit(handle_file(str(job.clip)), **order):
        moments.append(time.monotonic())
    return moments[-1] - moments[0], max(b - a for a, b in pairwise(moments[1:]))


def _small_job(client: Client, small: Order) -> float:
    """The seconds that it takes."""
    began = time.monotonic()
    client.predict(handle_file(str(small.clip)), **SMALL)
    return time.monotonic() - began


def _stop(way: Callable, job: Job, client: Client, small: Order) -> float:
    """The seconds from the stop until a small job is answered; who cancels waits until what they cancel is closed."""
    try:
        with way(job):
            began = time.monotonic()
            _small_job(client, small)
        return time.monotonic() - began
    except Ended:  # the machine is quicker now than when the whole job was timed
        return _stop(way, replace(job, after_s=0.8 * job.after_s), client, small)


def _summary(way: str, moments: list[float], free_s: list[float], slack: float) -> Check:
    in_time = [seconds < FREE_S * slack for seconds in free_s]
    measured = f"{sum(in_time)} of {len(in_time)}; median {median(free_s):.2f}, slowest {max(free_s):.2f} s"
    name = f"worker free: {way} {moments[0]:.0f} to {moments[-1]:.0f} s into the job"
    return Check(name, measured, f"all within {FREE_S * slack:g} s", all(in_time))


@contextmanager
def _cancelled(job: Job) -> Iterator[None]:
    client = Client(job.address, verbose=False)
    running = client.submit(handle_file(str(job.clip)), frames=job.frames, variants=job.variants, api_name="/analyze")
    next(iter(running))
    time.sleep(job.after_s)
    if running.done():
        raise Ended
    cancelling = Thread(target=running.cancel)
    cancelling.start()
    yield
    cancelling.join()


@contextmanager
def _hung_up(job: Job) -> Iterator[None]:
    with httpx.Client(base_url=f"{job.address}/gradio_api", timeout=60) as http:
        (path,) = http.post("/upload", files={"files": (job.clip.name, job.clip.read_bytes())}).json()
        clip = {"path": path, "meta": {"_type": "gradio.FileData"}}
        order = {"clip": clip, "frames": job.frames, "variants": job.variants}
        event = http.post("/call/v2/analyze", json=order).json()["event_id"]
        with http.stream("GET", f"/call/v2/analyze/{event}") as stream:
            end = None
            for line in stream.iter_lines():  # they come several times a second
                if line == "event: complete":
                    raise Ended
                if end is None and line == "event: generating":
                    end = time.monotonic() + job.after_s
                if end is not None and time.monotonic() > end:
                    break
    yield


@contextmanager
def _closed(new_tab: Callable[[], Page], job: Job) -> Iterator[None]:
    tab = new_tab()
    tab.goto(f"{job.address}/?frames={job.frames}&variants={','.join(job.variants)}")
    tab.get_by_text("Face finder, frames, engine").click()  # what is folded is not laid out
    expect(tab.get_by_label("number input for Frames")).to_have_value(str(job.frames), timeout=30_000)
    tab.locator("#clip input[type=file]").set_input_files(str(job.clip))
    expect(tab.locator("#status")).to_contain_text("is ready", timeout=30_000)
    tab.locator("#run").click()
    tab.locator("#status progress").wait_for()
    tab.wait_for_timeout(job.after_s * 1000)
    ended = not tab.locator("#status progress").count()
    tab.close()
    if ended:
        raise Ended
    yield


@contextmanager
def _tabs(browser: str | None) -> Iterator[Callable[[], Page] | None]:
    """What opens a tab in headless Chromium."""
    if browser is None:
        yield None
        return
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        yield running.new_page
        running.close()
