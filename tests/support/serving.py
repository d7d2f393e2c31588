"""The app in its own process, as `python app.py` starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """Where it listens and what process it is."""

    address: str
    pid: int


@contextmanager
def serving(folder: Path, log: Path, **settings: str) -> Iterator[Server]:
    """Start the app in this folder with these environment variables; raises RuntimeError where it ends at start."""
    port = _free_port()
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port)} | settings
    with open(log, "w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=folder, env=environment, stdout=output, stderr=output
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                raise RuntimeError(f"the app ended at start:\n{log.read_text()}")
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                time.sleep(0.25)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
