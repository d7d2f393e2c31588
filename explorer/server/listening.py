"""Where the app listens: at the port that is named, or at the first one from 7860 on that is free."""

import logging
import os
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr

PORT, HOST = "GRADIO_SERVER_PORT", "GRADIO_SERVER_NAME"
FIRST_PORT, PORTS_TRIED = 7860, 100
logger = logging.getLogger(__name__)


class PortTaken(OSError):
    """The port that is named is not free, or none; or so are all that are tried."""


def launch(demo: "gr.Blocks", **settings: Any) -> None:
    """Start the server of `demo` and say where it listens. Raises PortTaken.

    Gradio's own search takes the variable for the first of a hundred ports, and starts the app once for each that
    turns out to be taken; agents' sessions can be started once.
    """
    port = chosen_port()
    try:
        demo.launch(server_port=port, prevent_thread_lock=True, quiet=True, **settings)
    except OSError:
        if demo.has_launched:
            raise
        raise PortTaken(_sentence(port)) from None  # it was free when it was chosen
    logger.info("The explorer listens at %s, and for agents at %sgradio_api/mcp/.", demo.local_url, demo.local_url)


def chosen_port() -> int:
    """The port named by the environment, or the first that is free. Raises PortTaken."""
    port = named_port()
    if port is None:
        ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
        free = next(filter(_is_free, ports), None)
        if free is None:
            raise PortTaken(f"ports {ports[0]} to {ports[-1]} are all taken; free one, or name another with {PORT}")
        return free
    if not _is_free(port):
        raise PortTaken(_sentence(port))
    return port


def named_port() -> int | None:
    """The port named by the environment, if one is. Raises PortTaken where that is no number.

    Gradio reads the variable when it is imported, and stumbles over what is none; an empty one is taken out of its way.
    """
    named = os.environ.get(PORT)
    if not named:
        os.environ.pop(PORT, None)
        return None
    if not named.isdecimal() or not 0 < int(named) < 65_536:
        raise PortTaken(_sentence(named))
    return int(named)


def _sentence(port: int | str) -> str:
    return f"port {port} cannot be listened on; free it, or name another with {PORT}"


def _is_free(port: int) -> bool:
    host = os.environ.get(HOST, "127.0.0.1").strip("[]")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            return True
    except OSError:
        return False
