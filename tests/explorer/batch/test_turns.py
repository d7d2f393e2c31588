"""One visitor's batch, clip by clip."""

from pathlib import Path
from threading import Thread

from explorer.batch.turns import in_turns, names_of
from explorer.structures import Progress
from explorer.turns import Turns


def test_rows_come_one_by_one_in_the_order_of_the_clips(quick, folder):
    paths = [folder / name for name in ("dark.mp4", "broken.mp4", "bright.mp4")]
    events = list(in_turns(paths, quick, Turns()))
    rows = [event for event in events if not isinstance(event, Progress)]
    assert [row["name"] for row in rows] == ["dark.mp4", "broken.mp4", "bright.mp4"]
    steps = [event for event in events if isinstance(event, Progress)]
    assert (steps[0].stage, steps[0].done, steps[0].total) == ("dark.mp4: reading the clip", 0, 3)
    assert steps[-1].done == 2


def test_no_two_clips_are_called_alike():
    paths = [Path(name) for name in ("x/a.mp4", "y/a.mp4", "a (2).mp4", "z/a.mp4", "b\u202e.mp4")]
    assert names_of(paths) == ["a.mp4", "a (2).mp4", "a (2) (2).mp4", "a (3).mp4", "b\ufffd.mp4"]


class Instant:
    """Work that is done at once, in two steps."""

    def steps(self, path, name):
        yield Progress("reading the clip", 0, 1)
        yield {"name": name}


def test_a_batch_of_thirty_delays_a_single_clip_by_one_at_most():
    turns, order = Turns(), []

    def single():
        order.append("single")
        yield 1

    batch = in_turns([Path("one.mp4")] * 30, Instant(), turns)
    next(batch)  # its first clip is being judged
    visitor = turns.in_turn(single, "waits")
    assert next(visitor) == "waits"
    thread = Thread(target=lambda: list(visitor))
    thread.start()
    for event in batch:
        if not isinstance(event, Progress):
            order.append(event["name"])
    thread.join()
    assert order.index("single") <= 1
    assert len(set(order)) == 31


def test_each_says_that_it_waits(quick, folder):
    turns = Turns()
    other = turns.in_turn(lambda: iter([1, 2]))
    next(other)
    batch = in_turns([folder / "dark.mp4"], quick, turns)
    assert next(batch).stage == "dark.mp4: waiting for its turn"
    list(other)
    assert next(event for event in batch if not isinstance(event, Progress))["name"] == "dark.mp4"
