import pytest

from explorer import deadline
from explorer.deadline import with_deadline
from explorer.errors import TookTooLong


@pytest.fixture
def clock(monkeypatch):
    """A clock that a test sets."""
    now = [0.0]
    monkeypatch.setattr(deadline, "monotonic", lambda: now[0])
    return now


def test_a_quick_job_passes_through(clock):
    assert list(with_deadline(iter_of([1, 2, 3]), 5)) == [1, 2, 3]


def test_a_slow_job_is_closed_with_one_sentence(clock):
    closed = []

    def slow():
        try:
            for step in range(10):
                clock[0] += 2
                yield step
        finally:
            closed.append(True)

    events = with_deadline(slow(), 5)
    assert [next(events), next(events)] == [0, 1]  # at 2 and 4 seconds
    with pytest.raises(TookTooLong, match="longer than 5 s; choose fewer frames"):
        next(events)
    assert closed == [True]


def iter_of(values):
    yield from values
