"""What is on its way in: identifiers of bounded length, requests of bounded size together, uploads that leave room."""

import os
import re
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from gradio import route_utils, routes
from gradio.utils import get_upload_folder
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer import limits

_API = "/gradio_api"
_NAMED = re.compile(rf"{_API}/(?:heartbeat|call/v2/[^/]*|call/[^/]*)/([^/]*)/?")  # whose session or event it is about
_IDENTIFIERS = ("session_hash", "upload_id", "event_id")
MAX_PATH, MAX_FILE_NAME = 4096, 255  # characters; bytes of a part between slashes
UNWRITTEN_BYTES = 1 << 19  # of an upload that is being received: what uvicorn reads ahead

TOO_LONG_A_NAME = f"Identifiers have at most {limits.MAX_IDENTIFIER_CHARACTERS} characters."
TOO_MUCH_AT_ONCE = "Too many requests are being sent at once; try again in a minute."
OTHER_FIELDS = "An upload takes files in the field 'files'."
LARGE_FIELDS = f"Fields beside the files are over the maximum allowed size of {limits.MAX_FIELD_BYTES:,} bytes."
TOO_LARGE_TOGETHER = (
    f"The files are together over the maximum allowed size of {limits.MAX_TOGETHER_BYTES / 1e6:.0f} MB; send fewer."
)
NO_ROOM = "There is no room for uploads right now; try again in an hour."

_files: ContextVar[list[Path]] = ContextVar("files")  # that this upload has begun to write


def guard() -> None:
    """Take over how Gradio receives uploads, and what it remembers of their progress."""
    route_utils.GradioMultiPartParser = UploadParser  # type: ignore[misc]
    routes.upload_fn = upload
    routes.file_upload_statuses = BoundedProgress()


class Intake:
    """ASGI middleware that counts what is being received, over all requests."""

    def __init__(self, app: ASGIApp, uploaded: Collection[str] = (), folder: Callable[[], str] = get_upload_folder):
        """`uploaded` are the files that are kept."""
        self.app, self.uploaded, self.folder = app, uploaded, folder
        self.uploads = self.bytes = 0
        self.senders: Counter[str] = Counter()  # bytes of bodies by address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if len(path) > MAX_PATH or any(len(name.encode()) > MAX_FILE_NAME for name in path.split("/")):
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)  # no file system has such a name
            return
        if not _short(path, QueryParams(scope.get("query_string", b""))):
            await JSONResponse({"detail": TOO_LONG_A_NAME}, 400)(scope, receive, send)
            return
        uploads = scope["method"] == "POST" and path.rstrip("/") == f"{_API}/upload"
        with suppress(
            ClientDisconnect
        ):  # who is gone in the middle of a request is no fault of ours, and needs no answer
            await (self._upload if uploads else self._request)(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is about to be written leaves the room that is to stay free, whatever else is being received."""

        async def take() -> Message:
            message = await receive()
            too_many = len(self.uploaded) >= limits.MAX_KEPT_FILES
            if message.get("body") and (too_many or no_room(self.folder(), self.uploads * UNWRITTEN_BYTES)):
                raise _NoRoom
            return message

        self.uploads += 1
        try:
            await self.app(scope, take, send)
        except _NoRoom:
            await PlainTextResponse(NO_ROOM, 507)(scope, receive, send)
        finally:
            self.uploads -= 1

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bodies lie in memory until they are whole: so many bytes of all of them together.

        Of these an address may hold no more than it leaves to others, however many connections it has.
        """
        taken, sender = 0, (scope.get("client") or ("",))[0]

        def hold(size: int) -> None:
            nonlocal taken
            taken, self.bytes = taken + size, self.bytes + size
            self.senders[sender] += size
            if not self.senders[sender]:
                del self.senders[sender]

        async def take() -> Message:
            message = await receive()
            size = len(message.get("body", b""))
            if self.senders[sender] + size > limits.MAX_BODIES_BYTES - (self.bytes + size):
                raise HTTPException(503, TOO_MUCH_AT_ONCE)
            hold(size)
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                hold(-taken)  # whole: what is kept of it is counted where it is kept
            return message

        try:
            await self.app(scope, take, send)
        finally:
            hold(-taken)


class _NoRoom(Exception):
    """The disk is nearly full."""


def no_room(folder: str | Path, arriving: int = 0) -> bool:
    """Whether the disk, or its number of files, is nearly used up once `arriving` bytes are written."""
    facts = os.statvfs(next(path for path in (Path(folder), *Path(folder).absolute().parents) if path.exists()))
    files_to_spare = min(limits.MIN_FREE_FILES, facts.f_files // 20)  # 0 where the file system does not count them
    return facts.f_bavail * facts.f_frsize - arriving < limits.MIN_FREE_DISK_BYTES or facts.f_favail < files_to_spare


class UploadParser(route_utils.GradioMultiPartParser):
    """Gradio's, for few files, and for fields that are small together; fields lie in memory, and may be as large as
    an upload there."""

    _field_bytes = _file_bytes = 0

    def __init__(self, *args: Any, **kwargs: Any):
        few = {"max_files": limits.MAX_FILES_AT_ONCE, "max_fields": limits.MAX_FIELDS_AT_ONCE}
        super().__init__(*args, **kwargs | few)

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        if self._current_part.file is not None:
            _files.get([]).append(Path(self._current_part.file.file.name))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is not None:
            self._file_bytes += end - start
            if self._file_bytes > limits.MAX_TOGETHER_BYTES:
                raise MultiPartException(TOO_LARGE_TOGETHER)
            super().on_part_data(data, start, end)
            return
        self._field_bytes += end - start
        if self._field_bytes > limits.MAX_FIELD_BYTES:
            raise MultiPartException(LARGE_FIELDS)
        self._current_part.data += data[start:end]

    async def parse(self) -> Any:
        form = await super().parse()
        if any(name != "files" and not isinstance(value, str) for name, value in form.multi_items()):
            raise MultiPartException(OTHER_FIELDS)
        return form


async def upload(*args: Any, **kwargs: Any) -> Any:
    """Gradio's upload; what it has begun to write goes where it fails, for whatever reason, a lost client included."""
    token = _files.set([])
    try:
        return await route_utils.upload_fn(*args, **kwargs)
    except BaseException:
        for path in _files.get():
            path.unlink(missing_ok=True)
        raise
    finally:
        _files.reset(token)


class BoundedProgress(route_utils.FileUploadProgress):
    """Gradio's record of uploads that are being watched, which it keeps for ever where nobody looks."""

    def track(self, upload_id: str) -> None:
        while len(self._statuses) >= limits.MAX_CONNECTIONS:
            self._statuses.pop(next(iter(self._statuses)))
        super().track(upload_id)
        self._forget()

    async def is_tracked(self, upload_id: str) -> bool:
        self._forget()
        return await super().is_tracked(upload_id)

    def _forget(self) -> None:
        while len(self._signals) > limits.MAX_CONNECTIONS:
            self._signals.pop(next(iter(self._signals)))


def _short(path: str, query: QueryParams) -> bool:
    match = _NAMED.fullmatch(path)
    names = [query.get(name, "") for name in _IDENTIFIERS] + ([match[1]] if match else [])
    return all(len(name) <= limits.MAX_IDENTIFIER_CHARACTERS for name in names)
