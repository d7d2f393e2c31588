"""What provokes messages fills no disk."""

import io
import logging
import sys

from explorer import limits
from explorer.server import logs
from explorer.server.logs import BoundedStream


def test_a_minute_prints_so_much_and_the_next_says_what_was_left_out():
    now, target = [0.0], io.StringIO()
    stream = BoundedStream(target, 10, lambda: now[0])
    for _ in range(5):
        print("1234", file=stream)  # five bytes, the end of the line included
    assert target.getvalue() == "1234\n1234\n"
    now[0] = 60.0
    print("5678", file=stream)
    assert target.getvalue() == "1234\n1234\n[15 bytes of messages were left out]\n5678\n"
    now[0] = 120.0
    print("9", file=stream)
    assert target.getvalue().endswith("5678\n9\n")


def test_the_rest_is_the_streams_own():
    target = io.StringIO()
    stream = BoundedStream(target, 10)
    assert stream.isatty() is False and stream.getvalue() == ""


def test_what_is_printed_and_what_is_logged_share_the_bound(monkeypatch):
    target, handler = io.StringIO(), logging.StreamHandler()
    monkeypatch.setattr(sys, "stderr", target)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(limits, "MAX_LOG_BYTES", 10)
    monkeypatch.setattr(logging.root, "handlers", [handler])
    handler.setStream(target)
    logs.guard()
    logging.root.error("12345")
    print("12345", file=sys.stderr)
    assert target.getvalue() == "12345\n"
