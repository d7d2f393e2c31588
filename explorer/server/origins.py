"""Which other sites' pages may read an answer: none, where the app is reached inside of a machine or its network."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from gradio import routes
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.server.addresses import is_public
from explorer.server.content_policy import NOTHING

METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"


def guard() -> None:
    """Take over Gradio's own judgement, which knows three names of this machine."""
    routes.CustomCORSMiddleware = StrictOrigins  # type: ignore[misc,assignment]


class StrictOrigins:
    """ASGI middleware in the place of Gradio's: it tells browsers whether the page that asks may read the answer."""

    def __init__(self, app: ASGIApp, **settings: object):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin is None:
            await self.app(scope, receive, send)
            return
        allowed = {"Access-Control-Allow-Credentials": "true"}
        if may_read(origin, headers.get("host", ""), (scope.get("server") or ("",))[0]):
            allowed["Access-Control-Allow-Origin"] = origin
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(headers, allowed)(scope, receive, send)
            return

        async def give(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.update(allowed)
                answer.add_vary_header("Origin")
            await send(message)

        await self.app(scope, receive, give)


def may_read(origin: str, host: str, server: str) -> bool:
    """Whether a page of this origin may read what this host says; `server` is the address that was connected to."""
    reader, name = name_of(origin), name_of(host)
    if is_here(name):
        return is_here(reader)
    if is_here(server):
        return False  # a name of somebody else's that leads to this machine
    return _is_inside(reader) or not _is_inside(name)


def name_of(place: str) -> str:
    """The host of an origin or of a Host header, as names are compared; "" for what is none."""
    try:
        return (urlsplit(place if "://" in place else f"//{place}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_here(name: str) -> bool:
    """Whether a name or an address is one of whatever machine asks."""
    try:
        address = ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def _is_inside(name: str) -> bool:
    """Whether a name or an address is one of this machine or of a network that is not the internet."""
    try:
        return not is_public(ip_address(name))
    except ValueError:
        return is_here(name)


def _preflight(headers: Headers, allowed: dict[str, str]) -> PlainTextResponse:
    answer = allowed | {
        "Vary": "Origin",
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Max-Age": "600",
        "Content-Security-Policy": NOTHING,
    }
    if asked := headers.get("access-control-request-headers"):
        answer["Access-Control-Allow-Headers"] = asked
    return PlainTextResponse("OK", headers=answer)
