"""A page of files below one path of the server, apart from all else that it serves."""

from collections.abc import Callable, Mapping
from mimetypes import guess_type
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

# So that the page may share memory between threads; nobody else's page reads what lies here.
ISOLATED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_EVER = "public, max-age=31536000, immutable"  # what is asked for by its version
TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".onnx": "application/octet-stream",
}


class StaticFiles:
    """ASGI middleware that answers below `prefix`, such as `/device`, with the files of a table, and with no others.

    `files` gives the table, contents by path, anew for each request.
    """

    def __init__(self, app: ASGIApp, prefix: str, files: Callable[[], Mapping[str, Path | bytes]]):
        self.app, self.prefix, self.files = app, prefix, files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        if path != self.prefix and not path.startswith(f"{self.prefix}/"):
            await self.app(scope, receive, send)
            return
        await self._answer(Request(scope), path.removeprefix(self.prefix))(scope, receive, send)

    def _answer(self, request: Request, path: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405)
        if not path:
            return RedirectResponse(f"{self.prefix.rpartition('/')[2]}/")
        name = path[1:] or "index.html"
        content = self.files().get(name)
        if content is None:
            return PlainTextResponse("Not Found", 404, ISOLATED)
        kind = TYPES.get(Path(name).suffix) or guess_type(name)[0] or "application/octet-stream"
        headers = ISOLATED | {"Cache-Control": FOR_EVER if request.query_params.get("v") else "no-cache"}
        if isinstance(content, bytes):
            return Response(content, media_type=kind, headers=headers)
        return FileResponse(content, media_type=kind, headers=headers)
