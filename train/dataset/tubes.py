"""Slices of consecutive face crops, cut from clips or made of single crops, as pairs of a real and a fake one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pyarrow.parquet as parquet
import torch
from torch.utils.data import Dataset

from explorer.faces.crops import resize_crop
from train.dataset.clips import Clip
from train.dataset.crop_set import decoded
from train.dataset.groups import HELD_OUT, group_of
from train.dataset.items import FAKE, REAL
from train.dataset.mix import EPOCH, MixedPairs
from train.dataset.pairs import Index
from train.errors import BadData

LENGTH, SIDE = 15, 112
MADE = 0.5  # share of the pairs that are made of single crops
FLICKER = 0.5  # share of the made fakes whose forgery comes and goes between frames
_COLUMNS = ("video", "label", "source", "split", "image")
_FAMILY = "family"


@dataclass(frozen=True)
class Tube:
    """A slice of LENGTH consecutive crops, encoded as one JPEG of them, one below the other."""

    video: str
    label: int
    source: str
    encoded: bytes = field(repr=False)
    category: str = ""
    family: str = ""  # its kind of forgery, or "real"; "" where the file does not say

    def pixels(self) -> np.ndarray:
        """(LENGTH, SIDE, SIDE, 3) uint8. Raises BadData."""
        stacked = decoded(self.encoded)
        if stacked.shape != (LENGTH * SIDE, SIDE, 3):
            raise BadData(f"the slice of {self.video} is no {LENGTH} crops of {SIDE} px, one below the other")
        return stacked.reshape(LENGTH, SIDE, SIDE, 3)


@dataclass(frozen=True)
class Slices:
    """What to train on, what to judge by (other people), and what to report on alone: sources that are held out, and
    the test splits of data sets."""

    train: list[Tube]
    judged: list[Tube]
    held_out: list[Tube]


def read_tubes(path: Path) -> Slices:
    """The slices of a parquet file. Raises BadData."""
    try:
        known = [_FAMILY] if _FAMILY in parquet.read_schema(path).names else []
        rows = parquet.read_table(path, columns=[*_COLUMNS, *known]).to_pylist()
    except Exception as error:  # pyarrow raises several unrelated types for damaged files and missing columns
        raise BadData(f"{path} is no readable parquet file of slices ({error})") from error
    slices = Slices([], [], [])
    for row in rows:
        encoded, family = row["image"]["bytes"], row.get(_FAMILY, "")
        tube = Tube(row["video"], row["label"], row["source"], encoded, family=family)
        if group_of(row["source"]) == HELD_OUT or row["split"] == "test":
            slices.held_out.append(tube)
        else:
            (slices.train if row["split"] == "train" else slices.judged).append(tube)
    return slices


def clips_of(tubes: Sequence[Tube]) -> tuple[list[Clip], np.ndarray]:
    """The clips that slices were cut from, none with a pair, and which clip each slice is of (N,)."""
    clips: dict[tuple[str, str, int], Clip] = {}
    places = []
    for tube in tubes:
        key = (tube.source, tube.video, tube.label)
        clips.setdefault(key, Clip(tube.video, tube.label, tube.family, tube.source, "", f"{key}", ()))
        places.append(list(clips).index(key))
    return list(clips.values()), np.array(places)


class TubePairs(Dataset):
    """Item (epoch, i): slices (2, LENGTH, SIDE, SIDE, 3) uint8, the real one first, and labels (2,) float32.

    Real and fake slices count alike, whatever their number (the document submits 21 of a real clip for 5 of a fake);
    MADE of the pairs come from single crops, the rest from clips. Every draw follows from (seed, epoch, i) alone.
    """

    def __init__(self, tubes: Sequence[Tube], crops: MixedPairs, seed: int):
        self.crops, self.seed = crops, seed
        self.real, self.fake = ([tube for tube in tubes if tube.label == label] for label in (REAL, FAKE))
        if not self.real or not self.fake:
            raise BadData("slices of one class only; training needs real ones and fake ones")

    def __len__(self) -> int:
        return EPOCH

    def __getitem__(self, index: Index) -> tuple[torch.Tensor, torch.Tensor]:
        rng = np.random.default_rng((self.seed, *index, LENGTH))
        if rng.random() < MADE:
            pair = made_pair(self.crops[index][0].numpy(), rng)
        else:
            pair = np.stack([of[rng.integers(len(of))].pixels() for of in (self.real, self.fake)])
            pair = pair[:, :, :, ::-1] if rng.random() < 0.5 else pair
        return torch.from_numpy(np.ascontiguousarray(pair)), torch.tensor([REAL, FAKE], dtype=torch.float32)


def made_pair(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A real and a fake crop (2, S, S, 3) uint8 as slices (2, LENGTH, SIDE, SIDE, 3), moved, turned and relit alike.

    One forgery lasts over the slice; with flicker it comes and goes. Each slice is encoded as one H.264 clip.
    """
    real, fake = (resize_crop(image, SIDE).astype(np.float32) for image in images)
    strength = np.ones(LENGTH)
    if rng.random() < FLICKER:
        strength = rng.uniform(0.4, 1.0, LENGTH)
    blended = [real + (fake - real) * share for share in strength]
    places, light = motion(rng), 1 + 0.06 * _wave(rng)
    crf = int(rng.integers(18, 34))
    return np.stack([in_h264(moved(frames, places, light), crf) for frames in ([real] * LENGTH, blended)])


def motion(rng: np.random.Generator) -> np.ndarray:
    """Smooth (LENGTH, 2, 3) float64 affine maps about the middle: a few pixels, degrees and percents."""
    maps = []
    waves = np.stack([_wave(rng) for _ in range(4)], axis=1) * (3.0, 3.0, 3.0, 0.03)
    for right, down, degrees, growth in waves:
        place = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, 1 + growth)
        place[:, 2] += (right, down)
        maps.append(place)
    return np.stack(maps)


def moved(frames: Sequence[np.ndarray], places: np.ndarray, light: np.ndarray) -> np.ndarray:
    """Frames (S, S, 3) float32 put at their places, in their light: (LENGTH, S, S, 3) uint8."""
    shown = [
        cv2.warpAffine(frame, place, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT) * gain
        for frame, place, gain in zip(frames, places, light, strict=True)
    ]
    return np.clip(np.rint(shown), 0, 255).astype(np.uint8)


def in_h264(frames: np.ndarray, crf: int) -> np.ndarray:
    """Frames (T, H, W, 3) uint8 with even sides encoded as one clip and decoded again."""
    encoder, decoder = av.CodecContext.create("libx264", "w"), av.CodecContext.create("h264", "r")
    encoder.height, encoder.width = frames.shape[1:3]
    encoder.pix_fmt, encoder.framerate, encoder.thread_count = "yuv420p", Fraction(25), 1
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "crf": str(crf)}
    packets = []
    for number, frame in enumerate(frames):
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        picture.pts = number
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    shown = [frame for packet in (*packets, None) for frame in decoder.decode(packet)]
    return np.stack([frame.to_ndarray(format="rgb24") for frame in shown])


def _wave(rng: np.random.Generator) -> np.ndarray:
    """(LENGTH,) in about [-1, 1]: a slow swing from a start of its own."""
    turn, start = rng.uniform(0.5, 3.0), rng.uniform(0, 2 * np.pi)
    return np.sin(start + turn * np.linspace(0, 1, LENGTH)) * rng.uniform(0, 1)
