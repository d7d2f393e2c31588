"""One visitor's many clips and another's single one."""

from threading import Thread

import pytest

from explorer.turns import Turns


def job(log: list[str], name: str, steps: int = 2):
    def events():
        for step in range(steps):
            log.append(f"{name}{step}")
            yield name

    return events


def test_a_job_is_begun_once_the_one_before_is_done():
    turns, log = Turns(), []
    first, second = turns.in_turn(job(log, "a"), "wait"), turns.in_turn(job(log, "b"), "wait")
    assert next(first) == "a"
    assert next(second) == "wait"  # nothing of it has begun
    assert log == ["a0"]
    assert list(first) == ["a"]
    assert list(second) == ["b", "b"]
    assert log == ["a0", "a1", "b0", "b1"]


def test_who_has_thirty_delays_who_has_one_by_one():
    turns, log = Turns(), []

    def batch():
        for i in range(30):
            yield from turns.in_turn(job(log, f"clip {i}/"), "wait")

    running = batch()
    next(running)  # in the middle of its first
    single = turns.in_turn(job(log, "single/"), "wait")
    assert next(single) == "wait"
    visitor = Thread(target=lambda: list(single))
    visitor.start()
    list(running)
    visitor.join()
    before = log.index("single/0")
    assert log[:before] == ["clip 0/0", "clip 0/1"]


def test_who_gives_up_loses_his_place_and_who_stops_his_turn():
    turns, log = Turns(), []
    first, second, third = (turns.in_turn(job(log, name), "wait") for name in "abc")
    next(first)
    assert next(second) == next(third) == "wait"
    second.close()
    first.close()
    assert next(third) == "c"
    third.close()
    assert list(turns.in_turn(job(log, "d"))) == ["d", "d"]


def test_a_job_that_fails_gives_its_turn_up():
    turns = Turns()

    def fails():
        yield 1
        raise ValueError

    broken = turns.in_turn(fails, 0)
    next(broken)
    with pytest.raises(ValueError):
        next(broken)
    assert list(turns.in_turn(lambda: iter([2]), 0)) == [2]
