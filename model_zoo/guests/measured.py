"""A guest's row, as the manifest would have it, with what train/evaluate.py measured of it here."""

from pathlib import Path

from model_zoo.errors import BadManifest
from model_zoo.guest import Guest
from model_zoo.hub import CACHE
from model_zoo.manifest import Manifest, Released, read_manifest, write_manifest


def row_of(guest: Guest, cache: Path = CACHE) -> Released:
    """The facts of a guest; its MACs are not counted, and are 0. What was measured is that of this very file, cut by
    this margin."""
    graph = f"{guest.name}/model.onnx"
    try:
        measured = next(iter(read_manifest(measured_folder(guest, cache)).variants.values())).metrics
    except (BadManifest, StopIteration):
        measured = {}
    return Released(
        name=guest.name,
        architecture=guest.architecture or guest.form,
        input_size=guest.view.side if guest.view else 0,
        weights=graph,
        files={graph: guest.sha256},
        bytes=guest.bytes,
        params=guest.params,
        macs=0,
        threshold=guest.threshold,
        metrics=measured,
    )


def measured_folder(guest: Guest, cache: Path = CACHE) -> Path:
    """Where the measures of this guest are kept, as a release of one variant."""
    margin = f"-{guest.view.margin:g}" if guest.view else ""
    return cache / "guests" / "measured" / f"{guest.sha256[:24]}{margin}"


def open_record(guest: Guest, cache: Path = CACHE) -> Path:
    """The same folder, made ready to record into; what was measured before stays. Raises OSError."""
    folder = measured_folder(guest, cache)
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(Manifest({guest.name: row_of(guest, cache)}), folder)
    return folder
