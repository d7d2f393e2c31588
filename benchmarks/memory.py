"""The most memory that the app takes for a clip, with the process that decodes for it."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import psutil
from gradio_client import Client, handle_file

from tests.support.serving import serving

ROOT = Path(__file__).resolve().parents[1]
EVERY_S = 0.05


@dataclass(frozen=True)
class Peak:
    """Megabytes resident at most, of each process; frames on the way from one to the other count in both."""

    server: float
    decoder: float

    @property
    def both(self) -> float:
        """No less than what they took at any one time."""
        return self.server + self.decoder


def peak_memory(clips: Sequence[Path], frames: int) -> list[Peak]:
    """Of the app as `python app.py` starts it, after one clip and the next; all variants judge each, with heatmaps."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "app.log"
        with serving(ROOT, log, HF_HUB_OFFLINE="1", EXPLORER_CACHE=folder, GRADIO_TEMP_DIR=folder) as server:
            client = Client(server.address, verbose=False)
            return [_peak(client, server.pid, clip, frames) for clip in clips]


def _peak(client: Client, server: int, clip: Path, frames: int) -> Peak:
    """So far, once the clip was judged. Raises RuntimeError where a variant fails."""
    with _decoders_watched(server) as decoders:
        report = client.predict(handle_file(clip), frames=frames, api_name="/analyze")
        drawn = client.predict(handle_file(clip), api_name="/heatmaps")
    if errors := report["errors"] + drawn["errors"]:
        raise RuntimeError(f"{clip.name}: {errors}")
    return Peak(_most_megabytes(server), max(decoders))


@contextmanager
def _decoders_watched(server: int) -> Iterator[list[float]]:
    """The peaks of the server's decoders, looked at every now and then while the block runs."""
    left, peaks = Event(), [0.0]

    def watch() -> None:
        while not left.wait(EVERY_S):
            for child in psutil.Process(server).children():
                try:
                    if "explorer.video.worker" in child.cmdline():
                        peaks.append(_most_megabytes(child.pid))
                except (psutil.Error, OSError, LookupError):  # it has just ended
                    continue

    thread = Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        left.set()
        thread.join()


def _most_megabytes(pid: int) -> float:
    """What the process had resident at most so far. Raises OSError or LookupError where it has ended."""
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    if not peak:
        raise LookupError(f"process {pid} has no memory any more")
    return int(peak[1]) * 1024 / 1e6
