"""Which sites' pages may read answers: this machine has many names, and strangers have names for it."""

import pytest
from gradio import routes as gradio_routes
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.server import origins
from explorer.server.origins import StrictOrigins, may_read

EVIL = "https://evil.example"
HERE = ["localhost", "localhost.", "LOCALHOST", "x.localhost", "x.localhost.", "127.0.0.1", "127.0.0.2", "[::1]",
        "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"]  # fmt: skip


@pytest.mark.parametrize("host", HERE)
def test_this_machine_by_any_name_is_read_by_its_own_pages_alone(host):
    for origin in (
        EVIL,
        "null",
        "",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://10.0.0.1",
    ):
        assert not may_read(origin, f"{host}:7860", "127.0.0.1")
    for origin in ("http://localhost:3000", "http://127.0.0.1", "http://[::1]:5173", f"http://{host}:7860"):
        assert may_read(origin, f"{host}:7860", "127.0.0.1")


@pytest.mark.parametrize("host", ["evil.example:7860", "localtest.me", "", "[", "10.0.0.1"])
@pytest.mark.parametrize("server", ["127.0.0.1", "::1"])
def test_a_strange_name_that_leads_to_this_machine_is_read_by_nobody(host, server):
    for origin in (EVIL, "http://localhost:3000", "http://evil.example"):
        assert not may_read(origin, host, server)


@pytest.mark.parametrize("host", ["192.168.1.5:7860", "10.0.0.1", "[fd00::5]:7860", "169.254.1.1", "[::ffff:10.0.0.1]"])
def test_an_address_of_an_inner_network_is_not_read_from_outside(host):
    assert not may_read(EVIL, host, "192.168.1.5")
    assert may_read("http://192.168.1.7", host, "192.168.1.5")


def test_a_public_name_is_read_by_every_site():
    assert may_read(EVIL, "somebody-explorer.hf.space", "10.108.1.2")
    assert may_read(EVIL, "8.8.8.8", "8.8.8.8")


def test_answers_and_preflights_say_so():
    app = Starlette(
        routes=[Route("/", lambda request: PlainTextResponse("hello"))], middleware=[Middleware(StrictOrigins)]
    )
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    client = TestClient(app, base_url="http://localhost.:7860")
    for origin, allowed in ((EVIL, None), ("http://localhost:3000", "http://localhost:3000")):
        answers = [client.get("/", headers={"Origin": origin}), client.options("/", headers={"Origin": origin} | asks)]
        assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [allowed, allowed]
        assert [answer.headers["vary"] for answer in answers] == ["Origin", "Origin"]
    assert "access-control-allow-origin" not in client.get("/").headers


def test_gradio_takes_it(monkeypatch):
    monkeypatch.setattr(gradio_routes, "CustomCORSMiddleware", None)
    origins.guard()
    assert gradio_routes.CustomCORSMiddleware is StrictOrigins
