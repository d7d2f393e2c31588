"""Labelled face crops read from data sets."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from PIL import Image, UnidentifiedImageError

REAL, FAKE = 0, 1
COLUMNS = ("video", "label", "original", "image")
PORTRAIT_COLUMNS = ("name", "landmarks", "image")


class BadData(Exception):
    """A data set cannot be trained on: which one, why, and what to do."""


@dataclass(frozen=True)
class Item:
    """One labelled face crop, still encoded. `original` names the real clip a fake was made from.

    `landmarks` (5, 2) float32, in pixels of the crop: eyes, nose and corners of the mouth, where they are known.
    """

    video: str
    label: int
    original: str
    encoded: bytes
    landmarks: np.ndarray | None = field(default=None, compare=False)

    def pixels(self) -> np.ndarray:
        """The crop as RGB (H, W, 3) uint8. Raises BadData where the image is corrupt."""
        try:
            return np.asarray(Image.open(io.BytesIO(self.encoded)).convert("RGB"))
        except (UnidentifiedImageError, OSError) as error:
            raise BadData(f"the crop of {self.video} is no readable image ({error})") from error


def read_face_parquet(folder: Path, split: str) -> list[Item]:
    """The items of `<folder>/<split>.parquet`, columns video, label (1 = fake), original, image{bytes}.

    Raises BadData where the file is missing or corrupt, lacks a column, or holds one class only.
    """
    path = Path(folder) / f"{split}.parquet"
    items = [Item(video, label, original, image["bytes"]) for video, label, original, image in _rows(path, COLUMNS)]
    labels = {item.label for item in items}
    if labels != {REAL, FAKE}:
        raise BadData(f"{path} holds the labels {sorted(labels)}; training and testing need both 0 (real) and 1 (fake)")
    return items


def read_portraits(path: Path) -> list[Item]:
    """Real faces with landmarks, columns name, landmarks (5 x 2 flattened), image{bytes}. Raises BadData."""
    return [
        Item(name, REAL, name, image["bytes"], np.array(landmarks, np.float32).reshape(5, 2))
        for name, landmarks, image in _rows(Path(path), PORTRAIT_COLUMNS)
    ]


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple]:
    if not path.is_file():
        raise BadData(f"{path} does not exist; name the folder or file of face crops with --data or --portraits")
    try:
        table = parquet.read_table(path, columns=list(columns))
    except Exception as error:  # pyarrow raises several unrelated types for damaged files and missing columns
        raise BadData(f"{path} is no readable face-parquet ({error})") from error
    return zip(*(table[column].to_pylist() for column in columns), strict=True)
