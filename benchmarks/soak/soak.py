"""Clip after clip for as long as it takes: nothing piles up."""

import os
import socket
import time
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from benchmarks.soak.checks import Check
from benchmarks.soak.material import broken, faceless, orders, unlike
from benchmarks.soak.usage import Usage, growth, usage
from explorer.faces.finders import FINDERS
from tests.support.serving import Server

KEPT_S, SWEEP_S = 5, 2  # how long uploads are kept meanwhile, and how often the others are swept
FRAMES = range(2, 9)  # asked for by turns
LATE_S = 5.0  # a sweep that comes later than this is none
MOST_MEGABYTES = 20.0
FEW = 2.0  # threads, descriptors or files: a connection that is just being closed
ANSWERS = {"noise.mp4": "error", "grey.mp4": "no face"}  # to the others: a verdict


@dataclass(frozen=True)
class Places:
    """Where the server keeps uploads, and temporary files."""

    uploads: Path
    temporary: Path


def soak(server: Server, places: Places, folder: Path, clips: int, variants: list[str], slack: float) -> list[Check]:
    """`clips` clips one after another: with a face, without one, broken, each of other bytes; and half an upload."""
    client = Client(server.address, verbose=False)
    kinds = [order.clip for order in orders(folder, 3, variants)] + [faceless(folder), broken(folder)]
    for frames, finder in zip(FRAMES, cycle(FINDERS)):  # what is loaded once, for each size of batch, is no leak
        _said(client, kinds[0], dict(variants=variants, frames=frames, finder=finder))
    measure = partial(usage, server.pid, places.uploads, places.temporary, time.time())
    _break_off(server.address)
    names, finders, counts = cycle(variants), cycle(FINDERS), cycle(FRAMES)
    samples, wrong, began = [], [], time.monotonic()
    for clip in islice(cycle(kinds), clips):
        sent = unlike(clip, folder / f"sent{clip.suffix}")
        settings = dict(variants=list(islice(names, 2)), frames=next(counts), finder=next(finders))
        if (kind := _said(client, sent, settings)) != ANSWERS.get(clip.name, "verdict"):
            wrong.append(f"{clip.name}: {kind}")
        samples.append(measure())
    pace, second_half = (time.monotonic() - began) / clips, samples[clips // 2 :]
    answered = f"{clips - len(wrong)}, {pace:.2f} s each {' / '.join(sorted(set(wrong)))}".strip()
    answers = Check(f"right answers to {clips} clips one after another", answered, "all", not wrong)
    return [answers, *_flat(second_half, slack), *_swept(second_half, measure)]


def _said(client: Client, clip: Path, settings: dict) -> str:
    """What kind of answer came back."""
    try:
        report = client.predict(handle_file(str(clip)), **settings, api_name="/analyze")
    except AppError as error:
        return "error" if "cannot be read as a video" in str(error) else f"error: {error}"
    verdicts = {row["verdict"] for row in report["variants"]}
    return "no face" if verdicts == {"no face"} else "verdict" if verdicts <= {"fake", "real", "uncertain"} else "?"


def _break_off(address: str) -> None:
    """A visitor who leaves in the middle of an upload."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="clip.mp4"\r\n\r\n' + os.urandom(1_000_000)
    head = f"POST /gradio_api/upload HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {2 * len(body)}\r\n"
    with socket.create_connection((host, port)) as connection:
        connection.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode() + body)


def _flat(second_half: list[Usage], slack: float) -> list[Check]:
    limits = {
        "megabytes": ("server memory, MB", MOST_MEGABYTES * slack),
        "children_megabytes": ("memory of its children, MB", MOST_MEGABYTES * slack),
        "threads": ("threads", FEW),
        "descriptors": ("file descriptors", FEW),
        "temporary": ("temporary files", FEW),
    }
    checks = []
    for field, (name, most) in limits.items():
        values = [getattr(sample, field) for sample in second_half]
        rise = growth(values)
        measured = f"{rise:+.1f} on {values[0]:.0f}, last {values[-1]:.0f}"
        checks.append(Check(f"growth over the second half: {name}", measured, f"under {most:g}", rise < most))
    return checks


def _swept(second_half: list[Usage], measure: partial) -> list[Check]:
    oldest, most = max(sample.oldest_s for sample in second_half), KEPT_S + SWEEP_S + LATE_S
    held = max(sample.upload_megabytes for sample in second_half)
    end = time.monotonic() + 2 * most  # the files, then what they lay in
    while (left := measure()).uploads + left.upload_folders and time.monotonic() < end:
        time.sleep(0.5)
    return [
        Check("oldest upload", f"{oldest:.0f} s, at most {held:.1f} MB held", f"under {most:g} s", oldest < most),
        Check("uploads left afterwards", f"{left.uploads} files, {left.upload_folders} folders", "none",
              left.uploads + left.upload_folders == 0),
    ]  # fmt: skip
