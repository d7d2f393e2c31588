import pytest
import torch

from train.dataset.augment import KINDS, augmentation
from train.errors import BadRecipe
from train.trainer.recipes import EVERY_KIND

CROP = torch.randint(0, 256, (3, 56, 56), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def test_nothing_switched_on_changes_nothing():
    assert torch.equal(augmentation(56, ())(CROP), CROP)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_each_kind_alone_keeps_type_and_size_and_changes_a_crop_now_and_then(kind):
    changed = 0
    for seed in range(60):
        torch.manual_seed(seed)
        found = augmentation(56, (kind,))(CROP)
        assert (found.shape, found.dtype) == ((3, 56, 56), torch.uint8)
        changed += not torch.equal(found, CROP)
    assert 0 < changed < 60


def test_zoom_shows_a_part():
    torch.manual_seed(0)
    left_to_right = torch.arange(100).repeat(3, 100, 1).to(torch.uint8)
    seen = augmentation(50, (), zoom=(0.5, 0.5))(left_to_right)
    assert seen.shape == (3, 50, 50)
    assert 60 <= int(seen.max()) - int(seen.min()) <= 80  # half the area: 71 of 100 columns


def test_names_are_checked():
    with pytest.raises(BadRecipe, match="no augmentation named blurr; there are flip"):
        augmentation(56, ("blurr",))
    assert set(KINDS) == set(EVERY_KIND)
