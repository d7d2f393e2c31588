"""Balanced pairs: every real crop beside one of the fakes made from it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Dataset
from torchvision.transforms import v2

from train.sources import FAKE, REAL, BadData, Item

Index = tuple[int, int]  # epoch, position among the real items


class Pairs(Dataset):
    """Item (epoch, i) is the i-th real crop and one of its fakes, augmented.

    Every random draw follows from (seed, epoch, i) alone, so that a resumed run, or one with another number of
    workers, sees exactly the same crops.
    """

    def __init__(self, items: Sequence[Item], transform: v2.Transform, seed: int):
        fakes: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            if item.label == FAKE:
                fakes[item.original].append(item)
        self.pairs = [(item, fakes[item.video]) for item in items if item.label == REAL and item.video in fakes]
        if not self.pairs:
            raise BadData("no fake names one of the real crops as its original; training needs such pairs")
        self.transform = transform
        self.seed = seed

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: Index) -> tuple[torch.Tensor, torch.Tensor]:
        """Crops (2, S, S, 3) uint8 and labels (2,) float32."""
        epoch, position = index
        real, fakes = self.pairs[position]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed((self.seed * 1_000 + epoch) * 1_000_000 + position)
            fake = fakes[int(torch.randint(len(fakes), ()))]
            crops = [self.transform(torch.from_numpy(item.pixels().copy()).permute(2, 0, 1)) for item in (real, fake)]
        return torch.stack(crops).permute(0, 2, 3, 1).contiguous(), torch.tensor([REAL, FAKE], dtype=torch.float32)


def batches(count: int, batch_size: int, steps: int, first: int, seed: int) -> Iterator[list[Index]]:
    """The index lists of steps first .. steps - 1; `batch_size` counts crops, two a pair."""
    pairs = batch_size // 2
    per_epoch = max(count // pairs, 1)
    order: list[int] = []
    for step in range(first, steps):
        epoch, position = divmod(step, per_epoch)
        if position == 0 or not order:
            order = torch.randperm(count, generator=torch.Generator().manual_seed(seed * 1_000 + epoch)).tolist()
        yield [(epoch, i) for i in order[position * pairs : (position + 1) * pairs]]


def collate(samples: list[tuple[torch.Tensor, torch.Tensor]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Pairs -> crops (N, S, S, 3) uint8 and labels (N,) float32."""
    crops, labels = zip(*samples, strict=True)
    return torch.cat(crops), torch.cat(labels)
