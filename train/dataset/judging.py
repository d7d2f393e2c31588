"""A few validation crops for a look at a detector while it is made, small enough to travel with the training crops."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from explorer.faces.crops import resize_crop
from train.dataset.clips import read_clips
from train.dataset.groups import CALIBRATION
from train.dataset.items import read_face_parquet
from train.errors import BadData

FILE = "judging.parquet"
DFDC = "dfdc"  # the family of crops of the data set's own validation split
DFDC_CROPS, FRAMES, SIDE, QUALITY = 1000, 6, 160, 92


@dataclass(frozen=True)
class JudgingSet:
    """Crops (N, S, S, 3) uint8 in order of clips; labels (N,); clips and families are N names each."""

    crops: np.ndarray
    labels: np.ndarray
    clips: np.ndarray
    families: np.ndarray


def write_judging_set(data: Path, out: Path) -> Path:
    """Write `<out>/judging.parquet`: crops of DFDC's validation split and frames of the calibration group's clips.

    `data` holds `dfdc-faces/` and the files of clips. Nothing of the held-out group is read. Raises BadData.
    """
    rows = [
        _row(item.video, item.label, DFDC, item.pixels())
        for item in _evenly(read_face_parquet(data / "dfdc-faces", "validation"), DFDC_CROPS)
    ]
    for clip in read_clips(data, (CALIBRATION,)):
        for frame in _evenly(clip.frames, FRAMES):
            image = np.asarray(cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR_RGB))
            rows.append(_row(f"{clip.source} {clip.video}", clip.label, clip.family, image))
    parquet.write_table(pa.Table.from_pylist(rows), out / FILE, compression="none")
    return out / FILE


def read_judging_set(folder: Path, size: int) -> JudgingSet:
    """The crops, resized as in serving. Raises BadData where the file is missing or unreadable."""
    path = Path(folder) / FILE
    try:
        table = parquet.read_table(path).to_pydict()
        encoded = [np.frombuffer(image, np.uint8) for image in table["image"]]
        images = [np.asarray(cv2.imdecode(image, cv2.IMREAD_COLOR_RGB)) for image in encoded]
        crops = np.stack([resize_crop(image, size) for image in images])
        return JudgingSet(crops, *(np.array(table[column]) for column in ("label", "clip", "family")))
    except Exception as error:  # pyarrow and OpenCV raise several unrelated types
        raise BadData(
            f"{path} is no readable set of crops to judge by ({error}); run train/prepare_crops.py"
        ) from error


def _row(clip: str, label: int, family: str, image: np.ndarray) -> dict[str, Any]:
    options = (cv2.IMWRITE_JPEG_QUALITY, QUALITY)
    encoded = cv2.imencode(".jpg", cv2.cvtColor(resize_crop(image, SIDE), cv2.COLOR_RGB2BGR), options)[1]
    return {"clip": clip, "label": label, "family": family, "image": encoded.tobytes()}


def _evenly(rows: Sequence[Any], count: int) -> list[Any]:
    """At most `count` of the rows, evenly spread."""
    places = np.unique(np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int))
    return [rows[place] for place in places]
