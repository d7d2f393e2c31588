"""A clip decoded in a process of its own, which can be killed."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from mmap import mmap
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from threading import Lock, Timer
from time import monotonic
from typing import Any

import numpy as np

from explorer import children, limits
from explorer.errors import ClipTooLarge, ExplorerError, UnreadableClip
from explorer.origin import Origin, origin_from
from explorer.structures import ClipInfo, Frame
from explorer.video.timeline import ADVICE
from explorer.video.worker import SLOTS, slot_bytes

MAX_MESSAGE_BYTES = 4 << 20  # bytes
HEARTBEAT_S = 0.25
REFILL_S = 1.0
PATIENCE = 3  # times the limit of probing, for a process that has no processor
WORKER = ("-m", "explorer.video.worker")  # what Python is told to run
logger = logging.getLogger(__name__)
_PASSED_ON = ("EXPLORER_", "PATH", "LANG", "LC_", "LD_LIBRARY_PATH")  # what the process learns of the environment


def printable(name: str) -> str:
    """A name fit for a sentence: no line breaks, control or direction characters, half characters; 80 at most."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name)
    return text if len(text) <= 80 else f"{text[:60]}…{text[-19:]}"


class Decoder:
    """`with Decoder(path) as decoder: info = decoder.probe(); for frames in decoder.read(times): ...`.

    Same answers and errors as explorer.video.reader's probe and read_frames. Only JSON and pixels come back from the
    process: what a clip may have made of it cannot reach this one. Leaving the block kills it.
    """

    def __init__(self, path: Path, name: str | None = None):
        self.path, self.name = Path(path), printable(name or Path(path).name)

    def __enter__(self) -> "Decoder":
        self._worker = _spare.take()
        self._send([str(self.path.absolute()), self.name])
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.end()
        _spare.refill_soon()

    def probe(self) -> ClipInfo:
        """What the clip is. Raises UnreadableClip or ClipTooLarge.

        A process that hardly got a processor has three times as long: the machine is busy then, not the decoder.
        """
        began, worked, most = monotonic(), self._worker.processor_s(), limits.MAX_PROBE_SECONDS
        while (taken := monotonic() - began) < most or (
            taken < PATIENCE * most and self._worker.processor_s() - worked < most / 2
        ):
            if (message := self._next()) is not None:
                _warn_of(*message["missing"])
                clip: dict[str, Any] = message["clip"]
                arrays: dict[str, Any] = {key: np.array(clip.pop(key)) for key in ("frame_times", "keyframe_times")}
                return ClipInfo(**clip, **arrays)
        raise UnreadableClip(
            f"{self.name} keeps the decoder busy for more than {limits.MAX_PROBE_SECONDS:g} s; {ADVICE}"
        )

    def read(self, times: np.ndarray, longest: int | None = None, at_once: int = SLOTS // 2) -> Iterator[list[Frame]]:
        """The frames at `times`, up to `at_once` (<= SLOTS / 2) at a time, while the next are being decoded.

        Their images are gone once the next list is asked for. A list is empty where nothing came for a while, so that
        whoever iterates can do something else, such as stop.
        """
        self._send([np.asarray(times).tolist(), longest])
        frames, slots = [], []
        while True:
            message = self._next()
            if message is not None and "frame" in message:
                frame, slot = self._frame(*message["frame"])
                frames.append(frame)
                slots.append(slot)
            ended = message is not None and "end" in message
            if len(frames) == at_once or message is None or (ended and frames):
                yield frames
                for slot in slots:
                    self._send(slot)
                frames, slots = [], []
            if ended:
                return

    def origin(self) -> Iterator[Origin | None]:
        """What the clip says of its origin, once its frames are read; None for each while that it still takes.

        Ends without any where it cannot be read in time: then it is not known, and nothing else is lost.
        """
        self._send("origin")
        end = monotonic() + limits.MAX_ORIGIN_SECONDS
        with suppress(ExplorerError, ValueError):
            while monotonic() < end:
                message = self._next()
                if message is not None and "origin" in message:
                    yield origin_from(message["origin"])
                    return
                yield None

    def _frame(self, time_s: float, height: int, width: int, slot: int) -> tuple[Frame, int]:
        if not (0 <= slot < SLOTS and 0 < 3 * height * width <= slot_bytes()):
            raise UnreadableClip(f"{self.name} makes the decoder fail; {ADVICE}")
        pixels = np.frombuffer(self._worker.memory, np.uint8, 3 * height * width, slot * slot_bytes())
        return Frame(float(time_s), pixels.reshape(height, width, 3)), slot

    def _send(self, message: object) -> None:
        with suppress(OSError):  # it is gone; what it said last is still to be read
            self._worker.connection.send_bytes(json.dumps(message).encode())

    def _next(self) -> dict | None:
        """The next message, None where none came within HEARTBEAT_S."""
        try:
            if not self._worker.connection.poll(HEARTBEAT_S):
                return None
            message = json.loads(self._worker.connection.recv_bytes(MAX_MESSAGE_BYTES))
        except (OSError, EOFError, ValueError) as error:
            raise UnreadableClip(f"{self.name} makes the decoder fail; {ADVICE}") from error
        if "error" in message:
            raise (ClipTooLarge if message["too_large"] else UnreadableClip)(message["error"])
        return message


@dataclass(frozen=True)
class _Worker:
    """A process that waits for its clip."""

    process: subprocess.Popen
    connection: Connection
    memory: mmap

    @classmethod
    def start(cls) -> "_Worker":
        connection, worker_end = Pipe()
        memory = _anonymous_file(SLOTS * slot_bytes())
        try:
            command = [sys.executable, *WORKER, str(worker_end.fileno()), str(memory)]
            root = Path(__file__).resolve().parents[2]
            environment = {key: value for key, value in os.environ.items() if key.startswith(_PASSED_ON)}  # no secrets
            environment |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(root)}
            environment |= {"MALLOC_ARENA_MAX": "2"}  # each of more reserves 64 MB of the address space it may have
            silent, fds = subprocess.DEVNULL, (worker_end.fileno(), memory)
            process = children.start(command, environment, fds, stdin=silent, stdout=silent, stderr=silent)
            return cls(process, connection, mmap(memory, SLOTS * slot_bytes()))
        except OSError as error:
            raise ExplorerError(f"there is no room for another clip now ({error.strerror}); try again") from error
        finally:
            worker_end.close()
            os.close(memory)

    def processor_s(self) -> float:
        """Seconds of a processor that it has had; infinite where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime
        except (OSError, ValueError, IndexError):
            return float("inf")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.connection.close()  # the memory goes with the last frame that looks into it


class _Spare:
    """One process that is started before it is needed: Python and FFmpeg take a fifth of a second to load."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker: _Worker | None = None

    def take(self) -> _Worker:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker and worker.process.poll() is not None:  # it died while it waited
            worker.end()
            worker = None
        return worker or _Worker.start()

    def refill_soon(self) -> None:
        """Not at once: this job, of which the decoding is over, goes on with all cores."""
        timer = Timer(REFILL_S, self.refill)
        timer.daemon = True
        timer.start()

    def refill(self) -> None:
        with self._lock, suppress(ExplorerError):  # no room now: the next clip asks again
            self._worker = self._worker or _Worker.start()


def _anonymous_file(size: int) -> int:
    """A file without a name, in memory where the system can; its pages exist once they are written."""
    if hasattr(os, "memfd_create"):
        fd = os.memfd_create("frames")
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    os.ftruncate(fd, size)
    return fd


@cache
def _warn_of(*missing: str) -> None:
    """Say once what does not stand between a clip and the machine."""
    if missing:
        logger.warning("clips are decoded without %s, which this kernel does not offer", " and without ".join(missing))


_spare = _Spare()
