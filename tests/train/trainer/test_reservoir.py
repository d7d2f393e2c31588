import pytest
import torch

from train.errors import BadData
from train.trainer.reservoir import SHIFT, Reservoir, pump

CPU = torch.device("cpu")
SIDE = 16


def chunk(first: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Crops of one grey level each, first .. first + count - 1, labelled 0, 1, 0, 1 ..."""
    levels = torch.arange(first, first + count, dtype=torch.uint8)
    return levels[:, None, None, None].expand(-1, SIDE, SIDE, 3).clone(), torch.tensor([0.0, 1.0]).repeat(count // 2)


def levels(crops: torch.Tensor) -> list[int]:
    return crops[:, 0, 0, 0].tolist()


def test_fresh_crops_come_first_and_in_order():
    reservoir = Reservoir(64, SIDE, CPU)
    reservoir.put(*chunk(0, 8))
    crops, labels = reservoir.batch(4)
    assert levels(crops) == [0, 1, 2, 3]
    assert labels.tolist() == [0, 1, 0, 1]
    assert levels(reservoir.batch(4)[0]) == [4, 5, 6, 7]


def test_a_batch_is_filled_up_with_earlier_pairs():
    reservoir = Reservoir(64, SIDE, CPU)
    reservoir.put(*chunk(0, 8))
    reservoir.batch(6)
    crops, labels = reservoir.batch(8)
    assert levels(crops)[:2] == [6, 7]
    again = levels(crops)[2:]
    assert all(0 <= level < 6 for level in again)
    assert [second - first for first, second in zip(again[::2], again[1::2], strict=True)] == [1, 1, 1]  # whole pairs
    assert labels.tolist() == [0, 1] * 4


def test_the_ring_goes_round_and_a_late_batch_sees_the_latest():
    reservoir = Reservoir(16, SIDE, CPU)
    for first in range(0, 80, 8):
        reservoir.put(*chunk(first, 8))
        assert levels(reservoir.batch(8)[0]) == list(range(first, first + 8))
    again = levels(reservoir.batch(80)[0])
    assert min(again) >= 80 - 14  # an eighth of the ring is free to be written to


def test_crops_are_flipped_and_moved():
    reservoir = Reservoir(256, SIDE, CPU)
    ramp = torch.arange(SIDE, dtype=torch.uint8)[None, None, :, None].expand(256, SIDE, SIDE, 3)
    for part in ramp.split(64):
        reservoir.put(part.clone(), torch.tensor([0.0, 1.0]).repeat(32))
        reservoir.batch(64)
    rows = reservoir.batch(256)[0][:, 0, :, 0].int()
    steps = rows.diff(dim=1)
    flipped = steps.sum(1) < 0
    assert 80 < int(flipped.sum()) < 176
    assert rows[~flipped, 0].min() == 0 and rows[~flipped, 0].max() == SHIFT
    assert ((steps.abs() == 1) | (steps == 0)).all()  # moved, not resampled


def test_a_full_ring_makes_the_loader_wait_for_a_batch():
    reservoir = Reservoir(16, SIDE, CPU, reuse=1.0)
    thread = pump(iter([chunk(first, 8) for first in range(0, 80, 8)]), reservoir)
    for first in range(0, 80, 8):
        assert levels(reservoir.batch(8)[0]) == list(range(first, first + 8))
    thread.join(10)
    assert not thread.is_alive()
    assert reservoir.made == reservoir.fresh_taken == 80


def test_what_ends_the_loader_reaches_whoever_takes_batches():
    def broken():
        yield chunk(0, 4)
        raise BadData("the crop of x is no readable image")

    reservoir = Reservoir(16, SIDE, CPU)
    pump(broken(), reservoir).join(10)
    with pytest.raises(BadData, match="the crop of x"):
        reservoir.batch(8)


def test_crops_are_not_taken_more_often_than_allowed(monkeypatch):
    monkeypatch.setattr("train.trainer.reservoir.PATIENCE", 0.01)
    reservoir = Reservoir(16, SIDE, CPU, reuse=2.0)
    reservoir.put(*chunk(0, 4))
    reservoir.batch(4)
    reservoir.batch(4)
    with pytest.raises(Exception, match="gave no crops"):
        reservoir.batch(4)
