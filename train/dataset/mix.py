"""Pairs of a real and a fake crop from all sources, each pair under one draw of degradations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from train.dataset import degrade
from train.dataset.crop_set import Crop, decoded
from train.dataset.forge import match_colours, restyle
from train.dataset.forgery import FacePicture, generate, self_blend, speak, swap
from train.dataset.items import FAKE, REAL
from train.dataset.pairs import Index
from train.errors import BadData

EPOCH = 16_384  # pairs; they are drawn, so an epoch is a convention
DFDC, PORTRAITS = "dfdc", "portraits"
DONORS = 400  # candidates among which the donor of the likest pose and expression is chosen: turned faces are rare


def _forgeries() -> dict[str, float]:
    return {"self_blend": 0.34, "swap": 0.28, "speak": 0.13, "generate": 0.25}


def _bases() -> dict[str, float]:
    return {DFDC: 0.5, PORTRAITS: 0.2, "": 0.3}


@dataclass(frozen=True)
class Mix:
    """Shares of the pairs: `own`, the data set's fakes beside their originals; `elsewhere`, fakes of other sources
    beside reals of the same source where it has any; the rest is forged from real faces, by `forgeries`.

    `bases` are the sources of the faces that are forged ("" stands for all others); `hard` is the share of pairs
    degraded as hard reals are, `extra` the share of crops that get such a treatment of their own beside it; pairs that
    are not `degraded` stay as sharp as they are.
    """

    own: float = 0.30
    elsewhere: float = 0.08
    forgeries: dict[str, float] = field(default_factory=_forgeries)
    bases: dict[str, float] = field(default_factory=_bases)
    hard: float = 0.25
    extra: float = 0.12
    restyled: float = 0.3
    degraded: bool = True


class MixedPairs(Dataset):
    """Item (epoch, i) is a real and a fake crop drawn by a Mix; every draw follows from (seed, epoch, i) alone."""

    def __init__(self, crops: Sequence[Crop], mix: Mix, size: int, seed: int, length: int = EPOCH):
        self.crops, self.mix, self.size, self.seed, self.length = crops, mix, size, seed, length
        self.own = _own_pairs(crops)
        self.fakes = _by_source_and_clip(crops, FAKE)
        self.reals = _by_source_and_clip(crops, REAL)
        self.forgeable = _forgeable(crops)
        self.twinned = _forgeable([crop if crop.twin else replace(crop, landmarks=None) for crop in crops])
        if not self.own or not self.forgeable:
            raise BadData("the training set holds no DFDC pairs or no real crops with landmarks")
        self.shapes = _shapes(crops, [place for places in self.forgeable.values() for place in places])

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: Index) -> tuple[torch.Tensor, torch.Tensor]:
        """Crops (2, S, S, 3) uint8, the real one first, and labels (2,) float32."""
        epoch, position = index
        rng = np.random.default_rng((self.seed, epoch, position))
        draw = rng.random()
        if draw < self.mix.own:
            images = self._own(rng)
        elif draw < self.mix.own + self.mix.elsewhere and self.fakes:
            images = self._elsewhere(rng)
        else:
            images = self._forged(rng)
        pair = self._framed(np.stack(images), rng)
        if self.mix.degraded:
            pair = self._degraded(pair, rng)
        return torch.from_numpy(pair), torch.tensor([REAL, FAKE], dtype=torch.float32)

    def _degraded(self, pair: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Both crops under one draw, and now and then one more of its own."""
        order = rng.permutation(2)  # crops touch in H.264: which edge leans on the other must not tell
        steps = degrade.hard(rng) if rng.random() < self.mix.hard else degrade.ordinary(rng)
        pair = degrade.applied(steps, pair[order])[order]
        for place in range(2):
            if rng.random() < self.mix.extra:
                pair[place] = degrade.applied(degrade.hard(rng), pair[place : place + 1])[0]
        return pair

    def _own(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        real, fakes = self.own[rng.integers(len(self.own))]
        return self._pixels(real), self._pixels(fakes[rng.integers(len(fakes))])

    def _elsewhere(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A fake of a source drawn by the root of its clips, and a real of the same pair, source, or anywhere."""
        source = _drawn_source(self.fakes, rng)
        fake = _drawn_crop(self.fakes[source], rng)
        pair = self.crops[fake].pair
        reals = self.reals.get(source, {})
        twins = [places for places in reals.values() if self.crops[places[0]].pair == pair]
        if twins:
            return self._pixels(int(rng.choice(twins[rng.integers(len(twins))]))), self._pixels(fake)
        source = source if reals and rng.random() < 0.7 else _drawn_source(self.reals, rng)
        return _alike(self._pixels(_drawn_crop(self.reals[source], rng)), self._pixels(fake), rng)

    def _forged(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        kind = str(rng.choice(list(self.mix.forgeries), p=list(self.mix.forgeries.values())))
        generated = kind == "generate" and self.twinned
        face = self._face(self._base(self.twinned if generated else self.forgeable, rng))
        if kind in ("swap", "speak"):
            donor = self._face(self._donor(face, rng))
            forged = swap(face, donor, rng) if kind == "swap" else speak(face, donor, rng)
        else:
            forged = self_blend(face, rng) if kind == "self_blend" else generate(face, rng)
        real = face.image
        if rng.random() < self.mix.restyled:  # or a changed look alone would say fake
            real = restyle(real, rng)
        return real, forged

    def _base(self, faces: dict[str, np.ndarray], rng: np.random.Generator) -> int:
        shares = {name: share for name, share in self.mix.bases.items() if name in faces}
        names, weights = list(shares), np.array(list(shares.values()))
        places = faces[str(rng.choice(names, p=weights / weights.sum()))]
        return int(places[rng.integers(len(places))])

    def _donor(self, face: FacePicture, rng: np.random.Generator) -> int:
        places, shapes = self.shapes
        candidates = rng.integers(0, len(places), DONORS)
        distance = np.square(shapes[candidates] - _shape(face.landmarks)).sum((1, 2))
        distance[distance < 1e-6] = np.inf  # itself
        return int(places[candidates[distance.argmin()]])

    def _face(self, place: int) -> FacePicture:
        crop = self.crops[place]
        whole = decoded(crop.image)
        assert crop.landmarks is not None  # those that can be forged have them
        landmarks = crop.landmarks * np.float32(self.size / whole.shape[0])
        twin = None if crop.twin is None else _at(decoded(crop.twin), self.size)
        return FacePicture(_at(whole, self.size), landmarks, twin)

    def _pixels(self, place: int) -> np.ndarray:
        return _at(decoded(self.crops[place].image), self.size)

    def _framed(self, pair: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Both crops flipped or not, turned, scaled and moved alike: finders' boxes jitter."""
        side = pair.shape[1]
        if rng.random() < 0.5:
            pair = pair[:, :, ::-1]
        scale, angle = rng.uniform(0.92, 1.3), rng.normal(0, 4)
        matrix = cv2.getRotationMatrix2D((side / 2, side / 2), angle, scale)
        matrix[:, 2] += rng.uniform(-0.06, 0.06, 2) * side
        return np.stack([
            cv2.warpAffine(np.ascontiguousarray(crop), matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101)
            for crop in pair
        ])  # fmt: skip


def _at(image: np.ndarray, size: int) -> np.ndarray:
    if image.shape[0] == size:
        return image
    return cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)


def _alike(real: np.ndarray, fake: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Often one of two strangers in the other's colours: a source's light and walls tell its label elsewhere."""
    whole, strength = np.ones(real.shape[:2], np.float32), rng.uniform(0.6, 1)
    draw = rng.random()
    if draw < 0.35:
        return match_colours(real, fake, whole, strength), fake
    return (real, match_colours(fake, real, whole, strength)) if draw < 0.7 else (real, fake)


def _own_pairs(crops: Sequence[Crop]) -> list[tuple[int, list[int]]]:
    fakes: dict[str, list[int]] = defaultdict(list)
    for place, crop in enumerate(crops):
        if crop.source == DFDC and crop.label == FAKE:
            fakes[crop.pair].append(place)
    return [
        (place, fakes[crop.pair])
        for place, crop in enumerate(crops)
        if crop.source == DFDC and crop.label == REAL and crop.pair in fakes
    ]


def _by_source_and_clip(crops: Sequence[Crop], label: int) -> dict[str, dict[str, list[int]]]:
    """{source: {clip: places}}; of DFDC and the portraits, whose crops are clips of their own, the reals alone."""
    grouped: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, crop in enumerate(crops):
        if crop.label == label and not (label == FAKE and crop.source == DFDC):
            grouped[crop.source][crop.name.rpartition("#")[0]].append(place)
    return {source: dict(clips) for source, clips in grouped.items()}


def _forgeable(crops: Sequence[Crop]) -> dict[str, np.ndarray]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, crop in enumerate(crops):
        if crop.label == REAL and crop.landmarks is not None:
            places[crop.source if crop.source in (DFDC, PORTRAITS) else ""].append(place)
    return {name: np.array(values) for name, values in places.items()}


def _shapes(crops: Sequence[Crop], places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(places), np.stack([_shape(np.asarray(crops[place].landmarks)) for place in places])


def _shape(landmarks: np.ndarray) -> np.ndarray:
    """Landmarks (79, 2) without place and size: pose and expression."""
    centred = landmarks - landmarks.mean(0)
    return (centred / np.sqrt(np.square(centred).sum())).astype(np.float32)


def _drawn_source(grouped: dict[str, dict[str, list[int]]], rng: np.random.Generator) -> str:
    weights = np.sqrt([min(len(clips), 100) for clips in grouped.values()])
    return str(rng.choice(list(grouped), p=weights / weights.sum()))


def _drawn_crop(clips: dict[str, list[int]], rng: np.random.Generator) -> int:
    names = list(clips)
    places = clips[names[rng.integers(len(names))]]
    return int(places[rng.integers(len(places))])
