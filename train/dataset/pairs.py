"""Balanced pairs: every real crop beside one of the fakes made from it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch.utils.data import Dataset
from torchvision.transforms import v2

from train.dataset.forge import MEDIAN_LANDMARKS, MEDIAN_SIDE, forge, restyle
from train.dataset.items import FAKE, REAL, BadData, Item

Index = tuple[int, int]  # epoch, position among the real items


class Pairs(Dataset):
    """Item (epoch, i) is a real crop and a fake of it, augmented: the i-th real crop of the data set with one of its
    fakes or, for a share `forged` of the draws, a real crop of the data set or a portrait with a forgery of it.

    Every random draw follows from (seed, epoch, i) alone, so that a resumed run, or one with another number of
    workers, sees exactly the same crops.
    """

    def __init__(
        self,
        items: Sequence[Item],
        transform: v2.Transform,
        seed: int,
        portraits: Sequence[Item] = (),
        forged: float = 0.0,
    ):
        fakes: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            if item.label == FAKE:
                fakes[item.original].append(item)
        self.pairs = [(item, fakes[item.video]) for item in items if item.label == REAL and item.video in fakes]
        if not self.pairs:
            raise BadData("no fake names one of the real crops as its original; training needs such pairs")
        if forged and len(portraits) < 2:
            raise BadData("this recipe forges fakes from portraits; name a file of them with --portraits")
        self.transform = transform
        self.seed = seed
        self.portraits = portraits
        self.forged = forged

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: Index) -> tuple[torch.Tensor, torch.Tensor]:
        """Crops (2, S, S, 3) uint8 and labels (2,) float32."""
        epoch, position = index
        rng = np.random.default_rng((self.seed, epoch, position))
        real, fakes = self.pairs[position]
        if rng.random() < self.forged:
            images = self._forgery(real, rng)
        else:
            images = real.pixels(), fakes[rng.integers(len(fakes))].pixels()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**63)))
            crops = [self.transform(torch.tensor(image).permute(2, 0, 1)) for image in images]
        return torch.stack(crops).permute(0, 2, 3, 1).contiguous(), torch.tensor([REAL, FAKE], dtype=torch.float32)

    def _forgery(self, real: Item, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A real crop and a forgery of it; both are restyled now and then, or a changed look alone would say fake."""
        first, second = (self.portraits[i] for i in rng.choice(len(self.portraits), 2, replace=False))
        is_portrait = rng.random() < 0.5
        base = first if is_portrait else real
        image = restyle(base.pixels(), rng) if rng.random() < 0.4 else base.pixels()
        landmarks = base.landmarks if is_portrait else MEDIAN_LANDMARKS * (image.shape[0] / MEDIAN_SIDE)
        swaps = 1 / 3 if is_portrait else 0.1  # median landmarks fit a turned face badly
        return image, forge(image, np.asarray(landmarks), second.pixels(), np.asarray(second.landmarks), rng, swaps)


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
