"""The trials, against servers of their own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gradio_client import Client

from benchmarks.soak.checks import Check
from benchmarks.soak.floods import MB, Flood, flood_settings, floods
from benchmarks.soak.load import put_under_load
from benchmarks.soak.material import long_clip, orders
from benchmarks.soak.soak import KEPT_S, SWEEP_S, Places, soak
from benchmarks.soak.stop import Job, stop_jobs
from tests.support.serving import Server, serving

ROOT = Path(__file__).resolve().parents[2]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass(frozen=True)
class Size:
    """How much of each; `slack` multiplies the seconds and megabytes that are allowed, for a machine that is shared."""

    users: int
    waiting: int  # jobs that the queue takes
    clips: int
    stops: int
    frames: int  # of a job that is stopped
    seconds: int  # of the clip that jobs are stopped on
    variants: int  # of the zoo's
    slack: float


FULL = Size(users=50, waiting=20, clips=300, stops=20, frames=300, seconds=30, variants=64, slack=1.0)
SHORT = Size(users=6, waiting=2, clips=24, stops=3, frames=60, seconds=5, variants=4, slack=3.0)
FLOODS = {
    FULL: Flood(answers=60, senders=20, names=200, idle=400, kept_bytes=512 * MB),
    SHORT: Flood(answers=12, senders=6, names=40, idle=100, kept_bytes=20 * MB),
}


def load_and_stop(folder: Path, size: Size) -> list[Check]:
    """Many users at once, then jobs that are stopped, on one server."""
    with _served(folder, EXPLORER_MAX_QUEUE=str(size.waiting)) as (server, variants, _):
        variants = variants[-size.variants :]
        clip = long_clip(folder, size.seconds)
        checks = put_under_load(server.address, folder, size.users, variants, clip, size.slack)
        tabs = max(size.stops // 5, 1) if BROWSER else 0
        counts = {"cancelled": (size.stops - tabs) // 2, "hung up": (size.stops - tabs + 1) // 2, "tab closed": tabs}
        job = Job(server.address, clip, size.frames, variants)
        (small,) = orders(folder, 1, variants)
        counts = {way: count for way, count in counts.items() if count}
        return checks + stop_jobs(job, small, counts, BROWSER, size.slack)


def soak_alone(folder: Path, size: Size) -> list[Check]:
    """Clip after clip, on a server that keeps uploads for seconds instead of hours."""
    schedule = {"EXPLORER_KEPT_SECONDS": str(KEPT_S), "EXPLORER_SWEEP_SECONDS": str(SWEEP_S)}
    with _served(folder, **schedule) as (server, variants, places):
        return soak(server, places, folder, size.clips, variants[-size.variants :], size.slack)


def flooded(folder: Path, size: Size) -> list[Check]:
    """One flood after another, on a server with short deadlines and a disk that is nearly full."""
    folder.mkdir(parents=True, exist_ok=True)
    flood = FLOODS.get(size, FLOODS[FULL])
    with _served(folder, **flood_settings(flood, folder)) as (server, variants, places):
        (order,) = orders(folder, 1, variants)
        return floods(server, places.uploads, order.clip, flood, size.slack)


@contextmanager
def _served(folder: Path, **settings: str) -> Iterator[tuple[Server, list[str], Places]]:
    """The app with folders of its own; what it is, its variants, and where it keeps files."""
    folder.mkdir(parents=True, exist_ok=True)
    settings |= {"EXPLORER_CACHE": str(folder / "cache"), "GRADIO_TEMP_DIR": "", "HF_HUB_OFFLINE": "1"}
    with serving(ROOT, folder / "app.log", **settings) as server:
        rows = Client(server.address, verbose=False).predict(api_name="/variants")
        (own,) = (folder / "cache" / "temporary").iterdir()
        yield server, [row["name"] for row in rows], Places(own / "uploads", own / "temporary")
