"""The doors of Gradio's server: which stand open, and how much may come in."""

import re

from gradio.route_utils import FnIndexInferError
from gradio.utils import get_upload_folder
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer import limits
from explorer.server.intake import NO_ROOM, no_room
from explorer.server.readable import is_host, readable

# What the page, the clients and agents use. Shut is the rest: Gradio's screen recorder hands uploads to whatever ffmpeg
# there is, /file=http... fetches for anybody, /deep_link stores what nobody deletes, and so on.
_API = "/gradio_api"
_OPEN = {
    "GET": re.compile(
        r"/|/config/?|/device(/[\w.-]+)*/?|/(assets|static)/.+|/(theme\.css|favicon\.ico|robots\.txt|manifest\.json)"
        rf"|{_API}/(info|openapi\.json|app_id|startup-events|queue/data|queue/status|upload_progress|theme\.css)/?"
        rf"|{_API}/(heartbeat|call)/.+|{_API}/file=(?!\w+:).+|{_API}/mcp(/|/schema)?"
    ),
    "POST": re.compile(rf"{_API}/(queue/join|cancel|reset|upload|(api|call|run)/.+|mcp)/?"),
}
_CALLS = re.compile(rf"{_API}/(queue/join|cancel|reset|api/|call/|run/)")
_OPEN |= {"HEAD": _OPEN["GET"], "DELETE": re.compile(rf"{_API}/mcp/?"), "OPTIONS": re.compile(".*")}

FRAMING = 65_536  # bytes of an upload that are not its file

TOO_LARGE = f"The upload is over the maximum allowed size of {limits.MAX_BYTES / 1e6:.0f} MB; shorten the clip."
TOO_LONG = (
    f"The request is over the maximum allowed size of {limits.MAX_REQUEST_BYTES / 1e6:.0f} MB; upload files first."
)
BUSY = f"The queue is full: {limits.MAX_QUEUE} jobs wait; try again in a minute."
NO_SUCH = "There is no such function here; /gradio_api/info lists them."
NO_HOST = "The request names no host."
FOR_AGENTS = "This address is for agents: give it to an MCP client."
ILL_FITTING = "The arguments do not fit the function; /gradio_api/info describes them."


class RouteAllowlist:
    """ASGI middleware that goes inside Gradio's own: it refuses, counts what comes in, and labels what goes out."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        scope = readable(scope, path)
        refused = _refused(scope, path)
        if refused:
            await refused(scope, receive, send)
            return
        try:
            await self.app(scope, _counted(receive, path), _labelled(send, path))
        except (FnIndexInferError, KeyError, TypeError, ValueError) as error:
            if scope["method"] != "POST" or not _CALLS.match(path):
                raise
            # Gradio reads here what is asked, before it answers anything; errors of the functions themselves are met
            # where they run.
            known = not isinstance(error, FnIndexInferError | KeyError)
            status, words = (422, ILL_FITTING) if known else (404, NO_SUCH)
            await JSONResponse({"detail": words}, status)(scope, receive, send)
        except RuntimeError as error:  # Starlette's, of an answer that has begun
            if not isinstance(error.__cause__, HTTPException):
                raise
            # Gradio's event stream, which has told in its last event that there is no such call, and breaks off.
            await send({"type": "http.response.body", "body": b""})


async def busy(request: Request, error: HTTPException) -> JSONResponse:
    """What Gradio answers with 503, in our words; gradio_client and the page have words of their own for that."""
    full = str(error.detail).startswith("Queue is full")
    return JSONResponse({"detail": BUSY if full else error.detail}, 503, {"Retry-After": "60"})


def _refused(scope: Scope, path: str) -> JSONResponse | PlainTextResponse | None:
    """The answer to what is not let in."""
    if not is_host(Headers(scope=scope).get("host", "localhost")):  # HTTP/1.0 need not name one
        return PlainTextResponse(NO_HOST, 400)
    door = _OPEN.get(scope["method"])
    if door is None or not door.fullmatch(path):
        return JSONResponse({"detail": "Not Found"}, 404)
    if path.rstrip("/") == f"{_API}/mcp" and scope["method"] in ("GET", "HEAD") and not _takes_events(scope):
        return PlainTextResponse(FOR_AGENTS, 406)  # Gradio has a page for browsers, with the request's words in it
    most, words = _most(path)
    length = Headers(scope=scope).get("content-length", "0")
    if not length.isdecimal() or int(length) > most:
        return PlainTextResponse(words, 413)
    if _uploads(path) and no_room(get_upload_folder()):
        return PlainTextResponse(NO_ROOM, 507)
    return None


def _takes_events(scope: Scope) -> bool:
    return "text/event-stream" in Headers(scope=scope).get("accept", "")


def _uploads(path: str) -> bool:
    return path.rstrip("/") == f"{_API}/upload"


def _most(path: str) -> tuple[int, str]:
    """How many bytes a request may bring, and what is said to more."""
    return (limits.MAX_UPLOAD_BYTES + FRAMING, TOO_LARGE) if _uploads(path) else (limits.MAX_REQUEST_BYTES, TOO_LONG)


def _counted(receive: Receive, path: str) -> Receive:
    """The same messages, as long as they bring no more than may come in: a length need not be told, nor true."""
    most, words = _most(path)
    taken = 0

    async def take() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:  # of the first Gradio's upload knows that it is to throw away what it has written
            raise MultiPartException(words) if _uploads(path) else HTTPException(413, words)
        return message

    return take


def _labelled(send: Send, path: str) -> Send:
    """The same answer, not to be guessed at by browsers, nor to be kept by what lies between where it is a file."""

    async def give(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"
            if path.startswith(f"{_API}/file="):
                headers["Cache-Control"] = "private"
        await send(message)

    return give
