"""Many users at once on the bounded queue: nobody's answer is lost, or somebody else's."""

import os
import random
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

from gradio_client import Client, handle_file
from gradio_client.utils import QueueError

from benchmarks.soak.checks import Check
from benchmarks.soak.material import Order, orders
from benchmarks.soak.monitor import page_answers, watched

PATIENCE_S = 300.0
REFUSAL = "Queue is full! Please try again."  # gradio_client's own sentence for HTTP 503


@dataclass(frozen=True)
class Visit:
    """What a user met: the answer, or why there is none; what each refusal said; the seconds to the answer."""

    answer: dict | None
    trouble: str
    refusals: tuple[str, ...]
    seconds: float


def put_under_load(
    address: str, folder: Path, users: int, variants: list[str], busy_with: Path, slack: float
) -> list[Check]:
    """Each user sends a clip of their own in the same moment, while a job on `busy_with` runs, and tries again if told.

    What they get is held against the answers to the same orders, asked for one after another beforehand.
    """
    sent = orders(folder, users, variants)
    # A client each: where one asks again while its stream of messages ends, gradio_client cancels the new call.
    expected = [_content(_ask(Client(address, verbose=False), order)) for order in sent]
    client = Client(address, verbose=False)
    job = client.submit(handle_file(str(busy_with)), frames=100, api_name="/analyze")
    elsewhere = ProcessPoolExecutor(1, get_context("spawn"), os.nice, (19,))  # their own work is none of the server's
    with watched(address) as times, elsewhere:
        visits = elsewhere.submit(_visits, address, sent).result()
    lost = [visit.trouble for visit in visits if visit.answer is None]
    mixed = sum(
        visit.answer is not None and not _same(_content(visit.answer), alone)
        for visit, alone in zip(visits, expected, strict=True)
    )
    refusals = [sentence for visit in visits for sentence in visit.refusals]
    longest, other = max(visit.seconds for visit in visits), sorted(set(lost + refusals) - {REFUSAL})
    lost_text = f"{len(lost)}; the last came after {longest:.0f} s"
    refusals_text = " / ".join([str(len(refusals)), *other])
    job_was_whole = job.result()["clip"]["frames_sampled"] == 100
    return [
        Check(f"answers lost, of {users} users at once", lost_text, "0", not lost and job_was_whole),
        Check("answers mixed up", str(mixed), "0", mixed == 0),
        Check("refusals", refusals_text, f'some, each "{REFUSAL}"', bool(refusals) and not other),
        page_answers(times, slack),
    ]


def _visits(address: str, sent: list[Order]) -> list[Visit]:
    together = Barrier(len(sent), timeout=PATIENCE_S)
    with ThreadPoolExecutor(len(sent)) as pool:
        return list(pool.map(lambda order: _visit(address, order, together), sent))


def _visit(address: str, order: Order, together: Barrier) -> Visit:
    refusals: list[str] = []
    began = time.monotonic()
    try:
        client = Client(address, verbose=False)
        together.wait()
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_S:
            try:
                return Visit(_ask(client, order), "", tuple(refusals), time.monotonic() - began)
            except QueueError as refusal:
                refusals.append(str(refusal))
                time.sleep(random.uniform(1, 3))  # a user presses the button again
        trouble = "never served"
    except Exception as error:  # a lost answer, whatever the reason: it is reported
        trouble = f"{type(error).__name__}: {error}"
    return Visit(None, trouble, tuple(refusals), time.monotonic() - began)


def _ask(client: Client, order: Order) -> dict:
    settings = dict(variants=list(order.variants), frames=order.frames, finder="haar")
    return client.predict(handle_file(str(order.clip)), **settings, api_name="/analyze")


def _content(report: dict) -> tuple[dict, list[tuple]]:
    """What of a report depends on the order alone."""
    (row,) = report["variants"]
    return report["clip"] | {"variant": row["name"]}, [(each["time_s"], each["p_fake"]) for each in row["frames"]]


def _same(one: tuple[dict, list[tuple]], other: tuple[dict, list[tuple]]) -> bool:
    (facts, rows), (other_facts, other_rows) = one, other
    near = all(
        abs(time_s - other_time_s) < 1e-6 and abs(p_fake - other_p_fake) < 1e-4
        for (time_s, p_fake), (other_time_s, other_p_fake) in zip(rows, other_rows, strict=False)
    )
    return facts == other_facts and len(rows) == len(other_rows) > 0 and near
