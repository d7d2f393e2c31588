"""What is done before the process ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import threading, time
from explorer.server import ending

ending.guard()
for step in ("first added", "then added"):
    ending.before_end(lambda step=step: print(step, flush=True))
{more}
threading.Thread(target=time.sleep, args=(60,)).start()  # Python would wait for it
print("ready", flush=True)
while True:
    time.sleep(0.01)
"""


def started(more: str = "") -> subprocess.Popen:
    words = [sys.executable, "-c", SCRIPT.replace("{more}", more)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_does_its_last_steps_and_waits_for_nobody(number):
    process = started()
    began = time.monotonic()
    process.send_signal(number)
    assert process.communicate(timeout=20) == ("then added\nfirst added\n", "")
    assert process.returncode == 0 and time.monotonic() - began < 5


def test_a_step_that_fails_does_not_keep_the_others_from_being_done():
    process = started("ending.before_end(lambda: 1 / 0)")
    process.terminate()
    done, said = process.communicate(timeout=20)
    assert (done, process.returncode) == ("then added\nfirst added\n", 0)
    assert "a last step failed" in said


@pytest.mark.parametrize("again", [False, True], ids=["patience", "second signal"])
def test_a_step_that_hangs_is_cut_short(again):
    process = started(
        "ending.PATIENCE_S = 0.3\nending.before_end(lambda: (print('hangs', flush=True), time.sleep(60)))"
    )
    process.terminate()
    assert process.stdout.readline() == "hangs\n"
    if again:
        process.terminate()
    assert process.wait(20) == 1
