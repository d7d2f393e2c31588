"""The crops that training reads, of all sources, in one folder that can be sent along."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from train.errors import BadData

SHARD_BYTES = 30_000_000
QUALITY = 93  # JPEG
SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("label", pa.int8()),
        ("family", pa.string()),
        ("source", pa.string()),
        ("pair", pa.string()),
        ("landmarks", pa.list_(pa.float32())),
        ("image", pa.binary()),
    ]
)
TWINS = "twins.parquet"


@dataclass(frozen=True)
class Crop:
    """A training crop, still encoded as JPEG. A fake and the real crops it was made from share `pair` in a source.

    `landmarks` (79, 2) float32 in pixels of the crop, None for fakes and where no mesh was found; `twin` is what a
    generator's decoder makes of it, encoded, where it was baked.
    """

    name: str
    label: int
    family: str
    source: str
    pair: str
    landmarks: np.ndarray | None = field(compare=False)
    image: bytes = field(repr=False, compare=False)
    twin: bytes | None = field(default=None, repr=False, compare=False)


def decoded(image: bytes) -> np.ndarray:
    """RGB (S, S, 3) uint8. Raises BadData for what is no image."""
    pixels = cv2.imdecode(np.frombuffer(image, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise BadData("a crop of the training set is no readable image; run train/prepare_crops.py again")
    return pixels


def encoded(pixels: np.ndarray, quality: int = QUALITY) -> bytes:
    """JPEG of RGB (S, S, 3) uint8."""
    options = (cv2.IMWRITE_JPEG_QUALITY, quality)
    return cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), options)[1].tobytes()


def write_crop_set(crops: Iterable[Crop], folder: Path) -> list[Path]:
    """Write further shards `crops-00.parquet`, ... of at most about SHARD_BYTES, numbered on from those that are there.

    A shard is there whole or not at all: what was interrupted goes on with the crops that `names_in` does not hold.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    first = 1 + max((int(path.stem[6:]) for path in folder.glob("crops-[0-9][0-9].parquet")), default=-1)
    for number, rows in enumerate(_shards(crops), first):
        paths.append(folder / f"crops-{number:02d}.parquet")
        _write(pa.Table.from_pylist(rows, SCHEMA), paths[-1])
    return paths


def names_in(folder: Path, size: int) -> frozenset[str]:
    """The names of the crops in the shards of a folder. Raises BadData where these are of another size."""
    names: list[str] = []
    for path in sorted(folder.glob("crops-*.parquet")):
        table = _table(path, SCHEMA)
        side = decoded(table["image"][0].as_py()).shape[0]
        if side != size:
            raise BadData(f"{path} holds crops of {side} px, not {size}; name another folder with --out")
        names += table["name"].to_pylist()
    return frozenset(names)


def _shards(crops: Iterable[Crop]) -> Iterator[list[dict[str, Any]]]:
    rows, weight = [], 0
    for crop in crops:
        points = None if crop.landmarks is None else crop.landmarks.ravel().tolist()
        rows.append({name: getattr(crop, name) for name in SCHEMA.names} | {"landmarks": points})
        weight += len(crop.image) + 700
        if weight > SHARD_BYTES:
            yield rows
            rows, weight = [], 0
    if rows:
        yield rows


def read_crop_set(*folders: Path) -> list[Crop]:
    """All crops of the shards in these folders, with their twins where `twins.parquet` holds them. Raises BadData."""
    shards = sorted((path for folder in folders for path in Path(folder).glob("crops-*.parquet")), key=lambda p: p.name)
    if not shards:
        raise BadData(f"{folders[0]} holds no crops-*.parquet; run train/prepare_crops.py")
    twins: dict[str, bytes] = {}
    for path in (Path(folder) / TWINS for folder in folders):
        if path.is_file():
            table = _table(path, pa.schema([("name", pa.string()), ("image", pa.binary())]))
            twins |= dict(zip(table["name"].to_pylist(), table["image"].to_pylist(), strict=True))
    crops = []
    for path in shards:
        for row in _table(path, SCHEMA).to_pylist():
            points = row["landmarks"]
            row["landmarks"] = None if points is None else np.array(points, np.float32).reshape(-1, 2)
            crops.append(Crop(**row, twin=twins.get(row["name"])))
    return crops


def write_twins(names: Iterable[str], twins: Iterable[np.ndarray], folder: Path) -> Path:
    """Write `twins.parquet`: what a generator's decoder made of the crops of these names."""
    rows = [{"name": name, "image": encoded(twin, 95)} for name, twin in zip(names, twins, strict=True)]
    _write(pa.Table.from_pylist(rows), folder / TWINS)
    return folder / TWINS


def _write(table: pa.Table, path: Path) -> None:
    unfinished = path.with_suffix(".part")
    parquet.write_table(table, unfinished, compression="none")
    unfinished.replace(path)


def _table(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        table = parquet.read_table(path)
    except (OSError, ValueError) as error:
        raise BadData(f"{path} is no readable parquet file ({error}); run train/prepare_crops.py again") from error
    if lacking := [name for name in schema.names if name not in table.column_names]:
        raise BadData(f"{path} lacks the column {', '.join(lacking)}; run train/prepare_crops.py again")
    return table
