import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from tests.support.fakes import crop
from train.dataset.augment import augmentation
from train.dataset.forge import MEDIAN_LANDMARKS
from train.dataset.items import FAKE, REAL, BadData, Item
from train.dataset.pairs import Pairs, batches, collate
from train.trainer.recipes import EVERY_KIND

REALS = [Item(f"r{i}", REAL, f"r{i}", crop(60 + 10 * i, i)) for i in range(4)]
FAKES = [Item(f"f{i}", FAKE, f"r{i % 3}", crop(200, 50 + i)) for i in range(6)]
PORTRAITS = [Item(f"p{i}", REAL, f"p{i}", crop(128, 80 + i), MEDIAN_LANDMARKS / 7) for i in range(3)]


def test_each_real_stands_beside_one_of_its_own_fakes():
    pairs = Pairs(REALS + FAKES, v2.Identity(), seed=0)
    assert len(pairs) == 3  # r3 has no fake
    crops, labels = pairs[(0, 1)]
    assert labels.tolist() == [0, 1]
    assert np.array_equal(crops[0].numpy(), REALS[1].pixels())
    assert any(np.array_equal(crops[1].numpy(), FAKES[i].pixels()) for i in (1, 4))


def test_draws_follow_from_seed_epoch_and_position():
    first, again = (Pairs(REALS + FAKES, augmentation(24, EVERY_KIND, (0.7, 1.0)), seed=5) for _ in range(2))
    state = torch.get_rng_state()
    assert torch.equal(first[(2, 0)][0], again[(2, 0)][0])
    assert torch.equal(torch.get_rng_state(), state)  # the global generator is given back
    assert not torch.equal(first[(2, 0)][0], first[(3, 0)][0])


def test_forged_pairs_show_a_real_face_and_a_forgery_of_it():
    pairs = Pairs(REALS + FAKES, v2.Identity(), 0, PORTRAITS, forged=1.0)
    crops, labels = pairs[(0, 0)]
    assert labels.tolist() == [0, 1]
    assert not any(np.array_equal(crops[1].numpy(), item.pixels()) for item in FAKES)
    assert not torch.equal(crops[0], crops[1])


def test_forging_needs_portraits():
    with pytest.raises(BadData, match="--portraits"):
        Pairs(REALS + FAKES, v2.Identity(), 0, forged=0.5)


def test_pairs_are_needed():
    with pytest.raises(BadData, match="original"):
        Pairs([REALS[0], Item("x", FAKE, "elsewhere", b"")], v2.Identity(), seed=0)


def test_batches_resume_where_they_stopped():
    whole = list(batches(10, 8, 5, 0, seed=1))
    assert [len(batch) for batch in whole] == [4] * 5
    assert list(batches(10, 8, 5, 3, seed=1)) == whole[3:]
    first_epoch = [position for batch in whole[:2] for _, position in batch]
    assert len(set(first_epoch)) == 8


def test_collate_flattens_pairs():
    crops, labels = collate([(torch.zeros(2, 4, 4, 3), torch.tensor([0.0, 1.0]))] * 3)
    assert crops.shape == (6, 4, 4, 3)
    assert labels.tolist() == [0, 1] * 3


def test_augmentation_keeps_type_and_size():
    for seed in range(20):
        torch.manual_seed(seed)
        found = augmentation(40, EVERY_KIND, (0.7, 1.0))(torch.randint(0, 256, (3, 56, 56), dtype=torch.uint8))
        assert found.shape == (3, 40, 40)
        assert found.dtype == torch.uint8
