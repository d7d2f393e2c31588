"""The app's end, asked for or not, leaves neither processes nor, where it is asked for, clips."""

import os
import shutil
import signal
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.serving import serving

pytestmark = [pytest.mark.server, pytest.mark.alone]
ROOT = Path(__file__).resolve().parents[2]


def helpers(pid: int) -> list[psutil.Process]:
    """The processes that the app has started, once what makes MTCNN's graphs is among them."""
    for _ in range(200):
        children = psutil.Process(pid).children(recursive=True)
        if any("explorer.faces.mtcnn.networks" in child.cmdline() for child in children):
            return children
        time.sleep(0.05)
    pytest.fail("no helper was started")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(examples, tmp_path, number):
    cache = tmp_path / "cache"  # without graphs, which a helper of 750 MB makes
    shutil.copytree(next(iter(examples.values())).parent, cache / "examples")
    settings = {"EXPLORER_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    with serving(ROOT, tmp_path / "app.log", **settings) as server:
        files = {"files": ("left.mp4", b"a visitor's clip")}
        (path,) = httpx.post(f"{server.address}/gradio_api/upload", files=files, timeout=60).json()
        assert Path(path).is_relative_to(cache / "temporary")
        started = helpers(server.pid)
        began = time.monotonic()
        os.kill(server.pid, number)
        status = os.waitstatus_to_exitcode(os.waitpid(server.pid, 0)[1])
        seconds = time.monotonic() - began
        _, alive = psutil.wait_procs(started, timeout=5)
    assert not alive
    assert status == (0 if number == signal.SIGTERM else -number)
    if number == signal.SIGTERM:
        assert seconds < 10
        assert not list((cache / "temporary").iterdir())
