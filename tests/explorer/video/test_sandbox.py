"""What code that a clip has brought into the decoder could still do."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import UnreadableClip
from explorer.video import decoder as decoder_module
from explorer.video import sandbox
from explorer.video.decoder import Decoder
from explorer.video.system_calls import ARCHITECTURES
from tests.support.corpus.encoders import encode_picture

ROOT = Path(__file__).resolve().parents[3]
LANDLOCK, SECCOMP = 444, 21  # the system call and the prctl by which a kernel says that it has them


def has_both() -> bool:
    libc = ctypes.CDLL(None)
    here = sys.platform == "linux" and os.uname().machine in ARCHITECTURES
    return here and libc.syscall(LANDLOCK, None, 0, 1) > 0 and libc.prctl(SECCOMP, 0, 0, 0, 0) >= 0


pytestmark = pytest.mark.skipif(not has_both(), reason="this kernel has no landlock or no seccomp")

INSIDE = """
import json, os, socket, subprocess, sys, threading
from pathlib import Path
from explorer.video.sandbox import enter

clip, other = sys.argv[1:]
parent = os.getppid()
attempts = {
    "the clip": lambda: Path(clip).read_bytes(),
    "a thread": lambda: threading.Thread(target=int).start(),
    "memory": lambda: bytearray(10**8),
    "another file": lambda: Path(other).read_bytes(),
    "the machine's users": lambda: Path("/etc/passwd").read_bytes(),
    "its parent's memory": lambda: open(f"/proc/{parent}/mem", "rb"),
    "a folder": lambda: os.listdir(Path(clip).parent),
    "a new file": lambda: open(clip + ".new", "w"),
    "the clip's end": lambda: os.truncate(clip, 0),
    "another name": lambda: os.rename(clip, clip + ".moved"),
    "a socket": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    "a socket in the house": lambda: socket.socket(socket.AF_UNIX),
    "a process": os.fork,
    "a program": lambda: subprocess.run(["/bin/true"]),
    "a signal": lambda: os.kill(parent, 0),
}
answers = {}
missing = enter([Path(clip)])
for name, attempt in attempts.items():
    try:
        attempt()
        answers[name] = "done"
    except OSError as error:
        answers[name] = type(error).__name__
print(json.dumps([missing, answers]))
"""


def test_inside_the_clip_is_there_and_nothing_else(tmp_path):
    clip, other = tmp_path / "clip.mp4", tmp_path / "other.mp4"
    for path in (clip, other):
        path.write_bytes(b"a clip")
    words = [sys.executable, "-c", INSIDE, str(clip), str(other)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60)
    missing, answers = json.loads(done.stdout)
    assert missing == []
    assert {name for name, answer in answers.items() if answer == "done"} == {"the clip", "a thread", "memory"}
    assert {answer for answer in answers.values() if answer != "done"} == {"PermissionError"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "other.mp4"]
    assert clip.read_bytes() == b"a clip"


PLANTED = """
import socket, sys
from pathlib import Path
from explorer.errors import UnreadableClip
from explorer.video import worker

def probe(path, name=None):
    answers = [len(path.read_bytes())]
    for attempt in (lambda: Path("/etc/passwd").read_bytes(), socket.socket):
        try:
            attempt()
            answers.append("done")
        except OSError as error:
            answers.append(type(error).__name__)
    raise UnreadableClip(str(answers))

worker.probe = probe
worker.main()
"""


def test_code_planted_in_the_decoder_reads_no_other_file_and_opens_no_socket(tmp_path, monkeypatch):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a clip")
    monkeypatch.setattr(decoder_module, "WORKER", ("-c", PLANTED))
    decoder_module._spare.take().end()  # the one that waits is an honest one
    with Decoder(clip) as decoder, pytest.raises(UnreadableClip) as answer:
        decoder.probe()
    monkeypatch.undo()
    decoder_module._spare.take().end()
    assert str(answer.value) == "[6, 'PermissionError', 'PermissionError']"


def test_what_the_kernel_does_not_have_is_missed_and_said_once(tmp_path, monkeypatch, caplog):
    def absent(*_: object) -> int:
        raise OSError("Function not implemented")

    monkeypatch.setattr(sandbox, "_call", absent)
    assert sandbox.enter([tmp_path]) == ["landlock", "seccomp"]
    decoder_module._warn_of.cache_clear()
    for _ in range(2):
        decoder_module._warn_of("landlock", "seccomp")
    assert caplog.messages == [
        "clips are decoded without landlock and without seccomp, which this kernel does not offer"
    ]


def test_a_clip_is_decoded_inside(tmp_path, caplog):
    clip = tmp_path / "clip.mp4"
    encode_picture(clip)
    with Decoder(clip) as decoder:
        times = decoder.probe().frame_times
        status = Path(f"/proc/{decoder._worker.process.pid}/status").read_text()
        assert sum(len(frames) for frames in decoder.read(times)) == 25
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
    assert not caplog.messages
