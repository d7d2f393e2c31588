"""Work over processes that may die."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from explorer.batch.pool import LOST, spread
from explorer.cores import usable_cores

ROOT = Path(__file__).resolve().parents[3]


def square(item: int) -> int:
    return item * item


def fatal(item: int) -> int:
    """Ends its process at 3; at 5 only the first time."""
    mark = Path(os.environ["POOL_MARK"])
    if item == 3 or (item == 5 and not mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def lost(item: int, sentence: str) -> int:
    assert sentence == LOST
    return -item


def cores(_: int) -> tuple[int, int]:
    time.sleep(0.3)  # so that one process does not take it all
    return os.getpid(), usable_cores()


def test_one_worker_is_this_process():
    assert list(spread([1, 2, 3], lambda item: (item, os.getpid()), 1, lost)) == [(i, os.getpid()) for i in (1, 2, 3)]


@pytest.mark.heavy
def test_each_item_once_and_only_the_deadly_one_is_lost(tmp_path, monkeypatch):
    monkeypatch.setenv("POOL_MARK", str(tmp_path / "mark"))
    results = list(spread(range(8), fatal, 2, lost))
    assert sorted(results) == [-3, 0, 1, 2, 4, 5, 6, 7]


@pytest.mark.heavy
def test_processes_share_the_cores_out():
    seen = dict(spread(range(6), cores, 2, lost))
    assert len(seen) == 2
    assert all(count == max(usable_cores() // 2, 1) for count in seen.values())


@pytest.mark.heavy
def test_they_end_with_a_parent_that_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys, os, time\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from explorer.batch.pool import spread\n"
        "def work(item):\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n"
        "if __name__ == '__main__':\n    list(spread([1], work, 2, None))\n"
    )
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    end = time.monotonic() + 10
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < end:
        if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    assert time.monotonic() < end
    parent.stdout.close()
