"""Labelled face crops read from data sets."""

import io
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from PIL import Image, UnidentifiedImageError

from train.errors import BadData

REAL, FAKE = 0, 1
CLASSES = ("real", "fake")  # the names of labels 0 and 1: folders, and categories where a data set knows no finer ones
COLUMNS = ("video", "label", "original", "image")
PORTRAIT_COLUMNS = ("name", "landmarks", "image")


@dataclass(frozen=True)
class Item:
    """One labelled face crop, still encoded. `original` names the real clip a fake was made from.

    `category` is the manipulation, or where a real clip comes from, so that results come per kind.
    `landmarks` (5, 2) float32, in pixels of the crop: eyes, nose and corners of the mouth, where they are known.
    """

    video: str
    label: int
    original: str
    encoded: bytes
    landmarks: np.ndarray | None = field(default=None, compare=False)
    category: str = ""

    def pixels(self) -> np.ndarray:
        """The crop as RGB (H, W, 3) uint8. Raises BadData where the image is corrupt."""
        try:
            return np.asarray(Image.open(io.BytesIO(self.encoded)).convert("RGB"))
        except (UnidentifiedImageError, OSError) as error:
            raise BadData(f"the crop of {self.video} is no readable image ({error})") from error


def read_face_parquet(folder: Path, split: str) -> list[Item]:
    """The items of `<folder>/<split>.parquet`, columns video, label (1 = fake), original, image{bytes}, [category].

    Raises BadData where the file is missing or corrupt, lacks a column, or holds one class only.
    """
    path = Path(folder) / f"{split}.parquet"
    table = _table(path, COLUMNS, ("category",))
    categories = table["category"] if "category" in table else ["fake" if label else "real" for label in table["label"]]
    rows = zip(*(table[column] for column in COLUMNS), categories, strict=True)
    items = [
        Item(video, label, original, image["bytes"], category=category)
        for video, label, original, image, category in rows
    ]
    return both_classes(items, path)


def both_classes(items: list[Item], source: Path) -> list[Item]:
    """The items themselves. Raises BadData unless there are real ones and fake ones."""
    labels = {item.label for item in items}
    if labels != {REAL, FAKE}:
        raise BadData(f"{source} holds the labels {sorted(labels)}; training and testing need 0 (real) and 1 (fake)")
    return items


def read_portraits(path: Path) -> list[Item]:
    """Real faces with landmarks, columns name, landmarks (5 x 2 flattened), image{bytes}. Raises BadData."""
    table = _table(Path(path), PORTRAIT_COLUMNS)
    return [
        Item(name, REAL, name, image["bytes"], np.array(landmarks, np.float32).reshape(5, 2), "portrait")
        for name, landmarks, image in zip(*table.values(), strict=True)
    ]


def _table(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, list]:
    if not path.is_file():
        raise BadData(f"{path} does not exist; name the folder or file of face crops with --data or --portraits")
    try:
        present = parquet.read_schema(path).names
        wanted = [*columns, *(column for column in optional if column in present)]
        table = parquet.read_table(path, columns=wanted)
        return {column: table[column].to_pylist() for column in wanted}
    except Exception as error:  # pyarrow raises several unrelated types for damaged files and missing columns
        raise BadData(f"{path} is no readable face-parquet ({error})") from error
