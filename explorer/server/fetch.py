"""Clips that API clients name by URL: fetched from public addresses only, up to the limits, one a call."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import gradio as gr
import httpx
import safehttpx
from gradio import processing_utils
from gradio.utils import get_upload_folder, is_in_or_equal
from gradio_client.utils import strip_invalid_filename_characters

from explorer import limits
from explorer.server.addresses import public_address
from explorer.server.intake import no_room

UPLOADED = "/gradio_api/file="  # what the address of a file that was uploaded here holds
_fetched = ContextVar("fetched", default=False)  # in this call: a list of a thousand addresses would hold up the queue


def guard() -> None:
    """Take over Gradio's own fetching, which reads whatever comes into memory and takes as long as it takes."""
    processing_utils.async_ssrf_protected_download = fetch


async def fetch(url: str, cache_dir: str, address_of: Callable[[str], Awaitable[str]] = public_address) -> str:
    """The path of what a URL names: of an upload to this very server, or of a copy fetched into `cache_dir`.

    Raises gr.Error, one sentence that tells nothing about what is behind the address.
    """
    try:
        path = urlsplit(url).path
    except ValueError:  # an address of IPv6 that does not end
        raise _not_fetched() from None
    uploaded = unquote(path.partition(UPLOADED)[2])
    if uploaded and is_in_or_equal(uploaded, get_upload_folder()):
        return uploaded
    if _fetched.get():
        raise gr.Error("a call takes one clip by URL; upload the others", print_exception=False)
    _fetched.set(True)
    folder = Path(cache_dir) / sha256(os.urandom(32)).hexdigest()  # as hard to guess as that of an upload
    name = strip_invalid_filename_characters(Path(path).name) or "clip"
    folder.mkdir(parents=True)
    try:
        await _store(url, folder / name, address_of)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError):
        (folder / name).unlink(missing_ok=True)
        raise _not_fetched() from None
    return str(folder / name)


def _not_fetched() -> gr.Error:
    most, seconds = f"{limits.MAX_BYTES / 1e6:.0f} MB", limits.MAX_FETCH_SECONDS
    advice = f"give a public http or https address of at most {most} that answers within {seconds} s, or upload it"
    return gr.Error(f"the clip could not be fetched; {advice}", print_exception=False)


async def _store(url: str, target: Path, address_of: Callable[[str], Awaitable[str]]) -> None:
    """Write what the address answers. Raises ValueError where that is no file within the limits."""
    size = 0
    async with asyncio.timeout(limits.MAX_FETCH_SECONDS), _answer(url, address_of) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"answered {answer.status_code}")
        with open(target, "xb") as file:
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > limits.MAX_BYTES or no_room(target.parent, len(chunk)):
                    raise ValueError("too large")
                file.write(chunk)


@asynccontextmanager
async def _answer(url: str, address_of: Callable[[str], Awaitable[str]]) -> AsyncIterator[httpx.Response]:
    """What the address answers after a few redirects, each judged like the first and connected to as it was judged."""
    for _ in range(limits.MAX_REDIRECTS + 1):
        parts = httpx.URL(url)
        if parts.scheme not in ("http", "https"):
            raise ValueError(f"{parts.scheme} is not fetched")
        transport = safehttpx.AsyncSecureTransport(await address_of(parts.host))
        client = httpx.AsyncClient(transport=transport, headers={"Accept-Encoding": "identity"})  # no bomb unfolds
        async with client, client.stream("GET", url) as answer:
            if not answer.has_redirect_location:
                yield answer
                return
            url = urljoin(url, answer.headers["location"])
    raise ValueError("too many redirects")
