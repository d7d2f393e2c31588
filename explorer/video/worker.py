"""`python -m explorer.video.worker`: the process that decodes one clip for explorer/video/decoder.py, and nothing else.

A clip is a stranger's file: whatever it does to the decoder happens here, under limits, and ends with this process.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from mmap import mmap
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from explorer import limits
from explorer.children import end_with_parent
from explorer.cores import QUOTA, usable_cores
from explorer.errors import ClipTooLarge, ExplorerError
from explorer.origin import Origin
from explorer.structures import ClipInfo, Frame
from explorer.video.credentials import CredentialReader
from explorer.video.sandbox import enter
from explorer.video.source import advice, probe, read_facts, read_frames
from explorer.video.stills import reads_heif

SLOTS = 8  # frames that lie in shared memory at a time
_GIF_FRAME = b"!\xf9\4\0\n\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
REHEARSAL = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + 2 * _GIF_FRAME + b";"  # a clip of two pixels


def slot_bytes() -> int:
    """Room for the largest frame allowed, RGB."""
    return 3 * limits.MAX_PIXELS


def confine() -> None:
    """Limits of this process, for good: memory, processor time, and no file may grow."""
    seconds = limits.MAX_JOB_SECONDS * usable_cores()
    for kind, most in (
        (resource.RLIMIT_AS, limits.MAX_DECODER_BYTES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def rehearse(credentials: CredentialReader) -> None:
    """Read a clip of our own: what Python and FFmpeg load late is loaded now, for they open no file in the sandbox."""
    reads_heif()
    if hasattr(os, "memfd_create"):
        with open(os.memfd_create("rehearsal"), "wb") as file:
            file.write(REHEARSAL)
            file.flush()
            path = Path(f"/proc/self/fd/{file.fileno()}")
            with suppress(ExplorerError):  # limits may forbid even this
                info = probe(path)
                list(read_frames(path, info, info.frame_times))
                credentials.read(path)
                read_facts(path, info)


def serve(connection: Connection, memory: mmap, credentials: CredentialReader) -> None:
    """Answer one probe, then requests for frames and for the origin, until the other side is gone; all in JSON."""
    path, name = json.loads(connection.recv_bytes())
    missing = enter([Path(path), QUOTA])
    try:
        info = probe(Path(path), name)
        _say(connection, clip=_plain(info), missing=missing)
        while True:
            match json.loads(connection.recv_bytes()):
                case "origin":
                    origin = Origin(credentials.read(Path(path)), read_facts(Path(path), info))
                    _say(connection, origin=asdict(origin))
                case [times, longest]:
                    _send_frames(connection, memory, read_frames(Path(path), info, np.array(times), longest))
                    _say(connection, end=True)
    except ExplorerError as error:
        _say(connection, error=str(error), too_large=isinstance(error, ClipTooLarge))
    except MemoryError:
        _say(connection, error=f"{name} needs more memory than a clip may have; {advice(Path(path))}", too_large=False)


def _send_frames(connection: Connection, memory: mmap, frames: Iterator[Frame]) -> None:
    """Write each frame into a slot and say where; a slot is used again once the other side has given it back."""
    free = list(range(SLOTS))
    for frame in frames:
        while not free or connection.poll():
            free.append(json.loads(connection.recv_bytes()))
        slot = free.pop(0)
        content = np.frombuffer(memory, np.uint8, frame.image.size, slot * slot_bytes())
        content[:] = frame.image.reshape(-1)
        height, width, _ = frame.image.shape
        _say(connection, frame=[frame.time_s, height, width, slot])


def _say(connection: Connection, **message: object) -> None:
    connection.send_bytes(json.dumps(message).encode())


def _plain(info: ClipInfo) -> dict[str, object]:
    """As JSON, without what only the decoder needs."""
    facts = asdict(replace(info, geometry=None, stamps=None))
    return {key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in facts.items()}


def main() -> None:
    end_with_parent()
    connection, memory = Connection(int(sys.argv[1])), mmap(int(sys.argv[2]), SLOTS * slot_bytes())
    credentials = CredentialReader()  # loads a library and the trust list, which it may not any more once confined
    rehearse(credentials)
    confine()
    with suppress(EOFError, OSError):  # nobody is listening any more
        serve(connection, memory, credentials)
    os._exit(0)  # a decoder's threads may hang: nothing here is worth waiting for


if __name__ == "__main__":
    main()
