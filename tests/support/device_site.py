"""The page on the visitor's device, served on loopback with the app's own headers."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from explorer.server.content_policy import ContentPolicy
from explorer.server.static_files import StaticFiles


@contextmanager
def serving_site(files: Callable[[], Mapping[str, Path | bytes]]) -> Iterator[str]:
    """Serve a table of files at /device/; yields the page's address."""
    doors = [Middleware(ContentPolicy), Middleware(StaticFiles, prefix="/device", files=files)]
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(Starlette(middleware=doors), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/device/"
        finally:
            server.should_exit = True
            thread.join(10)
