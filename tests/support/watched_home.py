"""A home folder whose ways into the internet all end at a proxy that lets nobody out."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
INNER = "127.0.0.1,localhost"


@dataclass
class WatchedHome:
    """What processes are given, and what they left and wanted."""

    folder: Path
    environment: dict[str, str]
    asked: list[str] = field(default_factory=list)

    def ids(self) -> list[str]:
        """Files by which packages know an installation again, or keep what they will report."""
        marks = ("deviceid", "onnxruntime.db", "openvino_ga_cid", "stats")
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.name in marks)


@contextmanager
def watched_home(folder: Path) -> Iterator[WatchedHome]:
    """A home of its own in this folder, whose ways out all lead to the proxy."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self):
            home.asked.append(self.requestline)
            self.send_error(502)

        do_GET = do_POST = do_HEAD = do_PUT = do_CONNECT

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as proxy:
        url = f"http://127.0.0.1:{proxy.server_address[1]}"
        homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(folder))
        kept = {"MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", str(Path.home() / ".cache" / "matplotlib"))}
        environment = dict.fromkeys(PROXIES, url) | {"NO_PROXY": INNER, "no_proxy": INNER} | homes | kept
        home = WatchedHome(folder, environment)
        Thread(target=proxy.serve_forever, args=(0.01,), daemon=True).start()
        yield home
        proxy.shutdown()
