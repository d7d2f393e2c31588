"""A port that is taken: said, and never changed in silence."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from explorer.server import listening
from explorer.server.listening import PORT, PortTaken, chosen_port, launch

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def taken(monkeypatch) -> Iterator[int]:
    """A port on which somebody else listens: the first that is tried where none is named."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr(listening, "FIRST_PORT", other.getsockname()[1])
        monkeypatch.delenv(PORT, raising=False)
        yield other.getsockname()[1]


def test_where_none_is_named_the_next_is_taken(taken):
    assert taken < chosen_port() < taken + 100


@pytest.mark.parametrize("named", ["99999", "0", "0x1", "-1", "many"])
def test_what_is_no_port_is_an_error(monkeypatch, named):
    monkeypatch.setenv(PORT, named)
    with pytest.raises(PortTaken, match=f"port {named} cannot be listened on; free it, or name another with {PORT}"):
        chosen_port()


def test_an_empty_name_is_out_of_gradios_way(taken, monkeypatch):
    monkeypatch.setenv(PORT, "")
    assert chosen_port() > taken
    assert PORT not in os.environ


def test_what_is_no_port_is_said_before_gradio_reads_it(monkeypatch):
    environment = os.environ | {PORT: "many"}
    app = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    words = f"The explorer does not start: port many cannot be listened on; free it, or name another with {PORT}."
    assert (app.returncode, app.stderr) == (1, f"{words}\n")


def test_a_port_that_is_named_and_taken_is_an_error(taken, monkeypatch):
    monkeypatch.setenv(PORT, str(taken))
    with pytest.raises(PortTaken, match=f"port {taken} cannot be listened on"):
        chosen_port()


def test_all_ports_taken_is_an_error(taken, monkeypatch):
    monkeypatch.setattr(listening, "PORTS_TRIED", 1)
    with pytest.raises(PortTaken, match=f"ports {taken} to {taken} are all taken"):
        chosen_port()


@pytest.mark.server
def test_the_port_used_is_said(taken, caplog):
    with gr.Blocks(analytics_enabled=False) as demo:
        pass
    with caplog.at_level(logging.INFO):
        launch(demo)
    try:
        assert demo.server_port > taken
        assert f"listens at http://127.0.0.1:{demo.server_port}/" in caplog.text
    finally:
        demo.close()


@pytest.mark.server
def test_a_port_that_is_lost_while_the_app_starts_is_an_error(taken, monkeypatch):
    monkeypatch.setattr(listening, "chosen_port", lambda: taken)
    with gr.Blocks(analytics_enabled=False) as demo:
        pass
    with pytest.raises(PortTaken, match=f"port {taken}"):
        launch(demo)
