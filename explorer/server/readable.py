"""What a request says of itself, as far as Gradio reads it: the rest would make it stumble, or is an old trap."""

import re
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Scope

_HOST = re.compile(r"([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")
_RANGE = re.compile(r"bytes=(?:(?P<first>\d{1,18})-(?P<last>\d{0,18})|-\d{1,18})", re.ASCII)
_OF_OTHER_PAGES = {"page", "deep_link"}  # Gradio's page is asked for with these; there is one page, and no deep links


def is_host(text: str) -> bool:
    """Whether this is a name or an address, with or without a port."""
    if not _HOST.fullmatch(text):
        return False
    try:
        return bool(httpx.URL(f"http://{text}").host)
    except (httpx.InvalidURL, ValueError):  # the latter of names that IDNA cannot read
        return False


def readable(scope: Scope, path: str) -> Scope:
    """The same request, without what Gradio cannot make sense of: odd forwarding headers, ranges and pages."""
    headers = MutableHeaders(raw=list(scope["headers"]))
    _forwarded(headers)
    _ranged(headers)
    readable_scope = {**scope, "headers": headers.raw}
    if path in ("/", ""):
        pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if name not in _OF_OTHER_PAGES]
        if len(kept) < len(pairs):
            readable_scope["query_string"] = urlencode(kept).encode()
    return readable_scope


def _forwarded(headers: MutableHeaders) -> None:
    """Of what proxies say: the first host, where it is one. Gradio's own proxy is not used here."""
    host = Headers(raw=headers.raw).get("x-forwarded-host", "").split(",")[0].strip()
    for name in ("x-forwarded-host", "x-gradio-server"):
        if name in headers:
            del headers[name]
    if is_host(host):
        headers["x-forwarded-host"] = host


def _ranged(headers: MutableHeaders) -> None:
    """One range, or none: a server may give the whole file for several, and for what is none."""
    if "range" not in headers:
        return
    asked = _RANGE.fullmatch(headers["range"].strip())
    del headers["range"]
    if asked and not (asked["last"] and int(asked["last"]) < int(asked["first"])):
        # Gradio answers `bytes=` itself, with the request's own headers; in capitals it leaves them to Starlette.
        headers["range"] = "B" + asked[0][1:]
