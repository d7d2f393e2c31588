"""Gradio's server with our middleware in it and next to nothing behind it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr
from gradio.routes import App
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from explorer.server import middleware, origins
from explorer.server.content_policy import ContentPolicy
from explorer.server.listening import chosen_port

API = "/gradio_api"


def repeat(text: str) -> str:
    """Give back what is given."""
    return text


def _demo() -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as demo:
        gr.api(repeat, api_name="repeat")
    return demo


@contextmanager
def guarded_server() -> Iterator[str]:
    """Serve a function and an MCP tool behind our doors; yields the address."""
    doors = [Middleware(ContentPolicy), Middleware(middleware.RouteAllowlist)]
    origins.guard()
    demo = _demo()
    _, address, _ = demo.launch(
        app_kwargs={"middleware": doors, "openapi_url": None}, mcp_server=True, ssr_mode=False, share=False, quiet=True,
        prevent_thread_lock=True, run_history=False, strict_cors=True, server_port=chosen_port(),
    )  # fmt: skip
    try:
        yield address.rstrip("/")
    finally:
        demo.close()


def open_routes() -> set[tuple[str, str]]:
    """Method and path of every route of Gradio's that stands open, named parameters for values."""
    return {
        (method, path)
        for path, methods in _paths(App.create_app(_demo(), mcp_server=True).routes)
        for method in methods
        if method in middleware._OPEN and middleware._OPEN[method].fullmatch(path)
    }


def _paths(routes: list[BaseRoute], prefix: str = "") -> list[tuple[str, set[str]]]:
    """Path and methods of routes, those of included routers and mounted applications too."""
    paths = []
    for route in routes:
        if hasattr(route, "original_router"):
            paths += _paths(route.original_router.routes, prefix)
            continue
        path = prefix + re.sub("{path_or_url:path}", "/tmp/x", route.path).replace("{", "").replace("}", "")
        if isinstance(route, Mount):
            paths += _paths(route.routes or [], path)
        paths.append((path or "/", getattr(route, "methods", None) or {"GET", "POST", "DELETE"}))
    return paths
