"""Slices of a followed face cut from the clips of a data set, as the parquet file that read_tubes reads."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from explorer.errors import ExplorerError
from explorer.faces.boxes import crop_squares
from explorer.faces.crops import cut_face
from explorer.faces.finders import FindFaces
from explorer.faces.tubes import cut_tubes
from explorer.structures import Face, Frame
from explorer.video.source import probe, read_frames
from model_zoo.files import write_atomically
from train.dataset.items import CLASSES, REAL
from train.dataset.layouts import Clip
from train.dataset.tubes import LENGTH, SIDE

SLICES = {True: 21, False: 5}  # of a real and of a fake clip: the document's balance, where fakes are so many more
JPEG_QUALITY = 93
_SPLITS = {"train": "train", "validation": "val", "test": "test"}
COLUMNS = pa.schema(
    [
        ("video", pa.string()),
        ("label", pa.int64()),  # 1 = fake
        ("family", pa.string()),
        ("source", pa.string()),
        ("person", pa.string()),
        ("split", pa.string()),
        ("start_s", pa.float64()),
        ("fps", pa.float64()),
        ("width", pa.int64()),  # side of the first crop in pixels of the frame
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    ]
)


def write_tubes(clips: Sequence[Clip], source: str, out: Path, find_faces: FindFaces) -> dict[str, int]:
    """Write the clips' slices into `out`; gives how many were kept, how many showed nobody to follow, and how many
    clips could not be read. The clips have their splits. Raises OSError."""
    counts = {"slices": 0, "without a face": 0, "unreadable clips": 0}
    with write_atomically(out) as partial, parquet.ParquetWriter(partial, COLUMNS, compression="none") as writer:
        for clip in clips:
            try:
                rows = [_row(clip, source, *each) if each else None for each in slices_of(clip, find_faces)]
            except ExplorerError:
                counts["unreadable clips"] += 1
                continue
            kept = [row for row in rows if row]
            counts["slices"] += len(kept)
            counts["without a face"] += len(rows) - len(kept)
            if kept:
                writer.write_table(pa.Table.from_pylist(kept, COLUMNS))
    return counts


def slices_of(clip: Clip, find_faces: FindFaces) -> Iterator[tuple[np.ndarray, float, float, int] | None]:
    """Crops (LENGTH, SIDE, SIDE, 3) uint8 of each slice, its start and frame rate, and its first crop's side in pixels
    of the frame; None where the largest face of its first frame cannot be followed. A clip that is too short has none.

    Raises UnreadableClip or ClipTooLarge.
    """
    info = probe(clip.path, clip.name)
    times = info.frame_times
    most = len(times) // LENGTH  # slices do not overlap
    count = min(SLICES[clip.label == REAL], most)
    starts = (np.arange(count) * (len(times) - LENGTH) / max(count - 1, 1)).astype(int)
    for start in starts:
        frames = list(read_frames(clip.path, info, times[start : start + LENGTH]))
        yield _followed(frames, find_faces) if len(frames) == LENGTH else None


def _followed(frames: list[Frame], find_faces: FindFaces) -> tuple[np.ndarray, float, float, int] | None:
    first = find_faces([frames[0].image])[0]
    if not len(first):
        return None
    largest = Face(frames[0].time_s, first[0], cut_face(frames[0].image, first[0], SIDE))
    tubes = cut_tubes(frames, [largest], find_faces, SIDE)
    if not tubes:
        return None
    left, _, right, _ = crop_squares(first[0])[0]
    seconds = max(frames[-1].time_s - frames[0].time_s, 1e-6)
    return tubes[0].crops, frames[0].time_s, (LENGTH - 1) / seconds, round(float(right - left))


def _row(clip: Clip, source: str, crops: np.ndarray, start_s: float, fps: float, width: int) -> dict[str, Any]:
    stacked = cv2.cvtColor(crops.reshape(LENGTH * SIDE, SIDE, 3), cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", stacked, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return {
        "video": clip.name,
        "label": clip.label,
        "family": CLASSES[clip.label] if clip.label == REAL else clip.category,
        "source": source,
        "person": clip.group,
        "split": _SPLITS[clip.split or "train"],
        "start_s": start_s,
        "fps": fps,
        "width": width,
        "image": {"bytes": encoded.tobytes(), "path": ""},
    }
