import pytest
from torch.utils.data import DataLoader

from tests.support.fakes import crop
from train.cli import run_command
from train.dataset.augment import augmentation
from train.dataset.items import FAKE, REAL, Item
from train.dataset.pairs import Pairs, batches, collate
from train.errors import BadData


def test_our_errors_leave_as_one_sentence():
    def command():
        raise BadData("the crops are gone; name others")

    with pytest.raises(SystemExit, match=r"^error: the crops are gone; name others$"):
        run_command(command)


def test_a_corrupt_image_met_by_a_loader_process_is_one_sentence_too():
    items = [Item("r", REAL, "r", crop(9, 0)), Item("f", FAKE, "r", b"no image")]
    pairs = Pairs(items, augmentation(16, ()), seed=0)
    order = list(batches(1, 2, 1, 0, seed=0))
    loader = DataLoader(pairs, batch_sampler=order, num_workers=1, collate_fn=collate)
    with pytest.raises(SystemExit, match=r"^error: the crop of f is no readable image"):
        run_command(lambda: list(loader))


def test_bugs_keep_their_traceback():
    with pytest.raises(ZeroDivisionError):
        run_command(lambda: 1 / 0)
