"""What a finished recipe leaves beside its weights: by which settings they were made, and what was seen of them."""

import json
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from model_zoo.detector import Detector
from model_zoo.weights import save_weights
from train.errors import BadRun
from train.trainer.checkpoints import write_state
from train.trainer.recipes import RECIPES, Recipe

NOTE = "made.json"  # beside best.pt
PARCEL_BYTES = 16_000_000


def write_note(recipe: Recipe, folder: Path, facts: dict[str, Any]) -> None:
    """Note that `best.pt` in this folder is what the recipe makes, and `facts` about how it went."""
    content = {"recipe": plain(recipe.settings())} | facts
    (folder / NOTE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_note(folder: Path) -> dict | None:
    """What write_note left, None where there is none. Raises BadRun where it is damaged."""
    path = folder / NOTE
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadRun(f"{path} is damaged ({error}); remove its folder to make that recipe afresh") from error


def is_made(recipe: Recipe, folder: Path) -> bool:
    """Whether the folder holds the finished recipe. Raises BadRun where it holds another one of the same name."""
    note = read_note(folder)
    if note is None or not (folder / "best.pt").is_file():
        return False
    if note["recipe"] != plain(recipe.settings()):
        raise BadRun(f"{folder} was made by another recipe ({note['recipe']}); remove it or name another --checkpoints")
    return True


@dataclass(frozen=True)
class Parcels:
    """Finished recipes packed into few files under a size limit, each appended as soon as it is finished."""

    folder: Path
    limit: int = PARCEL_BYTES

    def add(self, name: str, detector: Detector, checkpoint: Path) -> Path:
        """Append NAME.safetensors, kernels in half precision as a release stores them, and the note beside it."""
        weights = checkpoint / f"{name}.safetensors"
        save_weights(detector.network, weights)
        self.folder.mkdir(parents=True, exist_ok=True)
        number = max(len(sorted(self.folder.glob("parcel*.tar"))), 1)
        path = self.folder / f"parcel{number}.tar"
        if path.exists() and path.stat().st_size + weights.stat().st_size + 20_000 > self.limit:
            path = self.folder / f"parcel{number + 1}.tar"
        with tarfile.open(path, "a") as parcel:  # at its end: what was there stays readable if this is cut off
            parcel.add(weights, weights.name)
            parcel.add(checkpoint / NOTE, f"{name}.json")
        return path


def adopt(parcels: Path, checkpoints: Path) -> list[str]:
    """Turn what Parcels packed into checkpoints, from which releasing goes on; the names of the recipes.

    Raises BadRun where there is no parcel, or one holds a recipe that this version does not know or makes otherwise.
    """
    paths = sorted(Path(parcels).rglob("parcel*.tar"))
    if not paths:
        raise BadRun(f"{parcels} holds no parcel*.tar; name the folder that build_zoo.py --out wrote")
    names = [name for path in paths for name in _unpacked(path, checkpoints)]
    for name in names:
        folder = checkpoints / name
        if name not in RECIPES:
            raise BadRun(f"{folder}: there is no recipe of that name; there are {', '.join(RECIPES)}")
        write_state(load_file(folder / f"{name}.safetensors"), folder / "best.pt")
        is_made(RECIPES[name], folder)
    return names


def _unpacked(path: Path, checkpoints: Path) -> Iterable[str]:
    try:
        with tarfile.open(path) as parcel:
            for member in parcel.getmembers():
                name, _, kind = member.name.rpartition(".")
                target = checkpoints / name / (NOTE if kind == "json" else member.name)
                target.parent.mkdir(parents=True, exist_ok=True)
                packed = parcel.extractfile(member)
                if packed is None:
                    continue  # a folder
                target.write_bytes(packed.read())
                if kind == "json":
                    yield name
    except (tarfile.TarError, AttributeError, OSError) as error:
        raise BadRun(f"{path} is no readable parcel ({error}); fetch it again") from error


def plain(value: object) -> object:
    """What JSON gives back: tuples as lists."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple | list) else value
