"""Of what is sent to any open route, nothing large stays in memory once the request is over.

A route that is added later gets its line in BODIES, where it takes something.
"""

import gc
import time
import urllib.parse
from collections.abc import Iterator

import gradio as gr
import httpx
import pytest
from gradio import route_utils, routes
from starlette.middleware import Middleware

from explorer.server import intake
from explorer.server.budget import Budget
from explorer.server.intake import Intake
from explorer.server.middleware import RouteAllowlist
from tests.support.gradio_app import API, open_routes, repeat

pytestmark = pytest.mark.heavy
MARK = "flood" * 8
LONG = MARK * 1000  # 40,000 characters: a head of a request may have 64 kB
LARGE = 10_000  # characters, from which on a text is looked at


def bodies(text: str) -> dict[str, dict]:
    """By route: what is sent there, as long a text wherever one fits."""
    call = {"data": [text], "session_hash": text, "event_id": text, "trigger_id": None}
    agent = {"jsonrpc": "2.0", "id": text, "method": "initialize", "params": {"protocolVersion": text}}
    return {
        "api/api_name": {"json": call},
        "run/api_name": {"json": call},
        "call/api_name": {"json": call},
        "call/v2/api_name": {"json": {"text": text}},
        "queue/join": {"json": call | {"fn_index": 0}},
        "cancel": {"json": {"session_hash": text, "fn_index": 0, "event_id": text}},
        "reset": {"json": {"event_id": text}},
        "upload": {"files": {"files": ("a.mp4", b"x"), text[:2000]: (None, text)}},
        "mcp": {"json": agent, "headers": {"mcp-session-id": text[:20_000]}},
    }


@pytest.fixture(scope="module")
def app() -> Iterator[tuple[str, Budget]]:
    with pytest.MonkeyPatch.context() as patch, gr.Blocks(analytics_enabled=False) as demo:
        for module, name in (
            (routes, "upload_fn"),
            (routes, "file_upload_statuses"),
            (route_utils, "GradioMultiPartParser"),
        ):
            patch.setattr(module, name, getattr(module, name))
        gr.api(repeat, api_name="repeat")
        demo.queue(api_open=False)
        intake.guard()
        budget = Budget(demo)
        budget.guard()
        doors = [Middleware(RouteAllowlist), Middleware(Intake, uploaded=demo.upload_file_set)]
        settings = {"middleware": doors, "lifespan": budget.lifespan}
        _, address, _ = demo.launch(
            prevent_thread_lock=True, quiet=True, ssr_mode=False, mcp_server=True, app_kwargs=settings
        )
        yield address.rstrip("/"), budget
        demo.close()


def large_texts() -> int:
    """How many long texts with the mark are held by anything."""
    urllib.parse.clear_cache()  # which holds the last 128 addresses
    gc.collect()
    held = {
        id(text): text
        for holder in gc.get_objects()
        for text in gc.get_referents(holder)
        if isinstance(text, str | bytes | bytearray) and len(text) > LARGE
    }
    marks = (MARK, MARK.encode())
    return sum(text is not LONG and marks[not isinstance(text, str)] in text for text in held.values())


def flood(client: httpx.Client, method: str, route: str) -> None:
    """Some requests, each with a text of its own, for what is named in the path, in the query and in the body."""
    name = route.removeprefix(f"{API}/").rstrip("/")
    for number in range(5):
        text, path = f"{LONG}{number}", route
        for part in ("api_name", "event_id", "session_hash", "path:path"):
            path = path.replace(f"/{part}", "/repeat" if part == "api_name" else f"/{text}")
        sent = bodies(text)[name] if method == "POST" else {}
        short = text[: 2 * LARGE]
        query = {"session_hash": short, "upload_id": short} if len(path) < LARGE and method != "POST" else {}
        with client.stream(method, path, params=query, **sent) as answer:
            assert answer.status_code < 500, (method, path[:80], answer.status_code)


def test_every_route_that_takes_something_has_its_line():
    taking = {path.removeprefix(f"{API}/").rstrip("/") for method, path in open_routes() if method == "POST"}
    assert taking == set(bodies(""))


def test_nothing_large_stays(app):
    address, budget = app
    with httpx.Client(base_url=address, timeout=20) as client:
        for method, path in sorted(open_routes()):
            flood(client, method, path)
    while budget.queue.event_ids_to_events:
        time.sleep(0.02)
    # Answers to calls that nobody reads stay for a minute, and within the budget.
    budget.mailboxes.clear()
    budget.queue.pending_event_ids_session.clear()
    assert large_texts() <= 10  # of more than 200: the last, which a task or a thread still holds
    assert not budget.sessions.session_data
