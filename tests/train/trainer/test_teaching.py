import numpy as np
import torch

from train.trainer.teaching import Teachers, softened


class Steady(torch.nn.Module):
    def __init__(self, logit):
        super().__init__()
        self.logit = logit

    def score(self, crops):
        return torch.full((len(crops),), self.logit)


def noise(count):
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (count, 32, 32, 3), np.uint8))


def test_several_teachers_are_averaged():
    torch.testing.assert_close(Teachers([Steady(1.0), Steady(4.0)]).score(noise(3)), torch.full((3,), 2.5))


def test_a_share_of_the_pairs_is_softened_both_crops_of_a_pair_alike():
    crops = noise(200)
    seen = softened(crops, 0.5, seed=1)
    changed = (seen != crops).flatten(1).any(1)
    assert torch.equal(changed[0::2], changed[1::2])
    assert 30 <= int(changed[0::2].sum()) <= 70  # of 100 pairs
    assert float(seen[changed].float().std()) < 0.9 * float(crops[changed].float().std())  # fine detail is gone
    flat = torch.full((2, 32, 32, 3), 90, dtype=torch.uint8)
    assert torch.equal(softened(flat, 1.0, seed=2), flat)  # nothing else is


def test_the_draw_follows_from_the_seed_and_no_share_changes_nothing():
    crops = noise(8)
    assert torch.equal(softened(crops, 0.5, 3), softened(crops, 0.5, 3))
    assert not torch.equal(softened(crops, 1.0, 3), softened(crops, 1.0, 4))
    assert torch.equal(softened(crops, 0.0, 3), crops)
