"""Which scripts, styles and pictures a browser takes from an answer of ours: a table by route, strict for the rest."""

import os
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import gradio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

API = "/gradio_api"
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
# What is opened by itself plays or is drawn, and runs nothing.
FILE = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; form-action 'none'; sandbox"
# Gradio makes functions of text (unsafe-eval) and writes styles into its elements; its inline scripts go by their sums.
# Pictures of the page's own making come as data:; nothing is made of a blob:, neither a picture nor a clip.
PAGE = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors {frames}"
)
# A script opened by itself is text; a worker may load what lies beside it.
ASSET = "default-src 'none'; script-src 'self'; connect-src 'self'"
# The page on the visitor's device: what it runs it has fetched and compared with a sum first, hence blob:.
ON_DEVICE = (
    "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; "
    "style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
POLICIES = {
    r"/": PAGE,
    r"/(assets|static)/.+": ASSET,
    r"/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json": NOTHING,
    r"/device(/.*)?": ON_DEVICE,
    rf"{API}/file=.+": FILE,
    rf"{API}/(info|openapi\.json|app_id|startup-events|theme\.css)/?|/config/?": NOTHING,
    rf"{API}/(queue/(join|data|status)|cancel|reset|heartbeat/.+)/?": NOTHING,
    rf"{API}/(upload|upload_progress)/?": NOTHING,
    rf"{API}/(api|call|run)/.+": NOTHING,
    rf"{API}/mcp(/|/schema)?": NOTHING,
}
_GRADIOS_TITLE = b'<meta property="og:title" content="Gradio" />'
_TABLE = [(re.compile(route), policy) for route, policy in POLICIES.items()]
_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>")


def policies_of(path: str) -> list[str]:
    """The lines of the table that name this path: one for every route that is open."""
    return [policy for route, policy in _TABLE if route.fullmatch(path)]


class ContentPolicy:
    """ASGI middleware that gives every answer its policy; the page is held back until its scripts are summed."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        policy = next(iter(policies_of(path)), NOTHING)
        give = _with_sums(send) if policy is PAGE else _with_header(send, policy)
        await self.app(scope, receive, give)


async def failed(request: Request, error: Exception) -> PlainTextResponse:
    """What Starlette answers to a bug, outside of all middleware."""
    return PlainTextResponse("Internal Server Error", 500, {"Content-Security-Policy": NOTHING})


def without_gradios_title(html: bytes) -> bytes:
    """The page as long as it was, but for Gradio's name, which link previews would take for the app's."""
    return html.replace(_GRADIOS_TITLE, b" " * len(_GRADIOS_TITLE))


def page_policy(html: bytes) -> str:
    """The page's policy: the scripts in it run, others do not; none where it has more than Gradio gives it."""
    scripts = _inline_scripts(html)
    sums = [b64encode(sha256(script).digest()).decode() for script in scripts if len(scripts) <= _own_scripts()]
    frames = (
        "'self' https://huggingface.co" if os.environ.get("SPACE_ID") else "'self'"
    )  # which shows Spaces in a frame
    return PAGE.format(scripts=" ".join(f"'sha256-{each}'" for each in sums), frames=frames)


def _inline_scripts(html: bytes) -> list[bytes]:
    starts = (opening.end() for opening in _SCRIPT.finditer(html))
    return [html[start : html.find(b"</script>", start)] for start in starts]


@cache
def _own_scripts() -> int:
    return len(_inline_scripts((Path(gradio.__file__).parent / "templates" / "frontend" / "index.html").read_bytes()))


def _with_header(send: Send, policy: str) -> Send:
    async def give(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Content-Security-Policy"] = policy
        await send(message)

    return give


def _with_sums(send: Send) -> Send:
    start: Message = {}
    parts: list[bytes] = []

    async def give(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            html = without_gradios_title(b"".join(parts))
            is_page = MutableHeaders(scope=start).get("content-type", "").startswith("text/html")
            MutableHeaders(scope=start)["Content-Security-Policy"] = page_policy(html) if is_page else NOTHING
            await send(start)
            await send({"type": "http.response.body", "body": html})

    return give
