"""Messages that nobody reads go after a minute."""

import asyncio

import pytest

from explorer.server import mailboxes
from explorer.server.mailboxes import Mailboxes


class Now:
    """A clock that a test sets."""

    s = 1000.0

    def __call__(self) -> float:
        return self.s


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def boxes(now) -> Mailboxes:
    return Mailboxes(now)


def test_a_box_counts_what_lies_in_it(boxes):
    boxes["a"] = asyncio.Queue()
    boxes["a"].put_nowait("x" * 1_000_000)
    boxes["a"].put_nowait("y" * 2_000_000)
    assert 3_000_000 <= boxes["a"].bytes < 3_001_000
    assert boxes["a"].get_nowait() == "x" * 1_000_000
    assert 2_000_000 <= boxes["a"].bytes < 2_001_000
    boxes["a"].get_nowait()
    assert boxes["a"].bytes == 0


def test_an_answer_goes_a_minute_after_it_came(boxes, now):
    for name in ("read", "unread"):
        boxes[name] = asyncio.Queue()
        boxes[name].put_nowait("an answer")
    now.s += 60
    assert boxes.forget(at_work=()) == []
    boxes["read"].get_nowait()
    now.s += 1
    assert boxes.forget(at_work=()) == ["unread"]
    assert list(boxes) == ["read"]
    now.s += mailboxes.EMPTY_S
    assert boxes.forget(at_work=()) == ["read"]


def test_while_the_job_runs_the_box_stays_and_its_messages_go(boxes, now):
    boxes["a"] = asyncio.Queue()
    boxes["a"].put_nowait("half done")
    now.s += 40
    boxes["a"].put_nowait("nearly done")
    now.s += 40
    assert boxes.forget(at_work={"a"}) == []
    assert boxes["a"].get_nowait() == "nearly done"


def test_there_are_so_many_boxes_and_the_one_used_last_stays(boxes, now, monkeypatch):
    monkeypatch.setattr(mailboxes, "MOST", 3)
    for name in "abcd":
        now.s += 1
        boxes[name] = asyncio.Queue()
    assert list(boxes) == ["b", "c", "d"]


def test_a_job_whose_box_went_goes_on(boxes):
    boxes["gone"].put_nowait("done")
    assert boxes["gone"].get_nowait() == "done"
    del boxes["gone"]
    del boxes["gone"]
    assert "gone" not in boxes and boxes.get("gone") is None
