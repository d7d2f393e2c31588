"""Children and what becomes of them."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explorer import children

ROOT = Path(__file__).resolve().parents[2]
CHILD = "from explorer.children import end_with_parent; end_with_parent(); print('tied', flush=True)\nwhile True: pass"
PARENT = f"""
import subprocess, sys, threading, time
from explorer import children

def start():
    global child
    child = children.start([sys.executable, "-c", {CHILD!r}], stdout=subprocess.PIPE, text=True)

thread = threading.Thread(target=start)  # which ends before its child does
thread.start()
thread.join()
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


def gone(pid: int, within_s: float = 5.0) -> bool:
    """Whether a process ends in time; one that nobody has waited for is over, too."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("stopped", [False, True], ids=["busy", "stopped"])
def test_a_child_is_killed_with_its_parent(stopped):
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    if stopped:
        os.kill(child, signal.SIGSTOP)
    assert not gone(child, within_s=0.2)  # though the thread that started it has ended
    parent.kill()
    parent.wait()
    assert gone(child)


def test_a_child_whose_parent_is_gone_already_ends_at_once():
    reader, writer = os.pipe()
    os.close(writer)
    environment = os.environ | {children.LIFELINE: str(reader)}
    done = subprocess.run(
        [sys.executable, "-c", CHILD], env=environment, pass_fds=(reader,), cwd=ROOT, capture_output=True, timeout=20
    )
    os.close(reader)
    assert (done.returncode, done.stdout) == (1, b"")


def test_run_waits_and_tells_of_failure():
    children.run([sys.executable, "-c", "pass"], 20)
    with pytest.raises(subprocess.CalledProcessError):
        children.run([sys.executable, "-c", "raise SystemExit(3)"], 20)
    with pytest.raises(subprocess.TimeoutExpired):
        children.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)


@pytest.mark.heavy
def test_no_file_is_left_open():
    children.run([sys.executable, "-c", "pass"], 20)
    gc.collect()  # what earlier tests left would be closed in between
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        children.run([sys.executable, "-c", "pass"], 20)
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before
    with pytest.raises(FileNotFoundError):
        children.start(["/no/such/program"])
    assert len(os.listdir("/proc/self/fd")) <= before
