"""Clips from elsewhere than the training data's own set, as the face crops of a dozen frames each."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from train.dataset.groups import GROUPS, group_of
from train.dataset.items import REAL
from train.errors import BadData

CLIP_FILES = ("clips-faces.parquet", "live-swaps.parquet")
COLUMNS = ("video", "label", "family", "source", "person", "image")
LIVE_SWAPS = "iperov/DeepFaceLive"  # the source whose every fake was made from a recording that lies beside it


@dataclass(frozen=True)
class Clip:
    """A labelled clip: `frames` are its face crops, still encoded; `family` its kind of forgery, or `real`.

    A fake and the untouched clip that it was made from share their `pair`.
    """

    video: str
    label: int
    family: str
    source: str
    person: str
    pair: str
    frames: tuple[bytes, ...] = field(repr=False, compare=False)

    @property
    def group(self) -> str:
        """The group of its source: training, calibration or held_out."""
        return group_of(self.source)


def read_clips(folder: Path, groups: Collection[str] = GROUPS) -> list[Clip]:
    """The clips of CLIP_FILES in a folder whose sources are in these groups, in the order of the files.

    Raises BadData where a file is missing, unreadable, lacks a column, or holds a source that is in no group.
    """
    clips: dict[tuple[str, str], dict[str, Any]] = {}
    for name in CLIP_FILES:
        for row in _rows(Path(folder) / name):
            if group_of(row["source"]) not in groups:
                continue
            known = clips.setdefault((row["source"], row["video"]), row | {"frames": []})
            known["frames"].append(row["image"]["bytes"])
    return [
        Clip(row["video"], row["label"], row["family"], row["source"], row["person"], _pair(row), tuple(row["frames"]))
        for row in clips.values()
    ]


def originals(clips: list[Clip]) -> dict[int, list[int]]:
    """{place of a fake: places of the real clips that it was made from}, for the fakes that have any."""
    reals: dict[tuple[str, str], list[int]] = {}
    for place, clip in enumerate(clips):
        if clip.label == REAL:
            reals.setdefault((clip.source, clip.pair), []).append(place)
    return {
        place: reals[clip.source, clip.pair]
        for place, clip in enumerate(clips)
        if clip.label != REAL and (clip.source, clip.pair) in reals
    }


def _pair(row: dict[str, Any]) -> str:
    """What a fake shares with its original: the recording where it is known, else the folder and the person."""
    if row.get("recording") is not None:
        return f"recording {row['recording']}"
    return f"{row['video'].rpartition('/')[0]} {row['person']}"


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise BadData(f"{path} does not exist; name the folder of {' and '.join(CLIP_FILES)}")
    try:
        present = parquet.read_schema(path).names
        if lacking := [column for column in COLUMNS if column not in present]:
            raise BadData(f"{path} lacks the column{'s' * (len(lacking) > 1)} {', '.join(lacking)}; fetch it again")
        wanted = [*COLUMNS, *(column for column in ("recording",) if column in present)]
        return parquet.read_table(path, columns=wanted).to_pylist()
    except (OSError, ValueError) as error:  # pyarrow's own errors derive from these
        raise BadData(f"{path} is no readable parquet file ({error}); fetch it again") from error
