"""Guests let in: fetched, checked and read, or refused in one sentence each."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model_zoo.errors import BadGuest, ZooError
from model_zoo.files import check_sha256, sha256_of
from model_zoo.guest import ONNX, SCORES, TIMM, Guest, Refused
from model_zoo.guests.declared import Declared, declared_guests, is_scores
from model_zoo.guests.fetch import MAX_ABOUT_BYTES, MODELS, fetch
from model_zoo.guests.labels import labels_of
from model_zoo.guests.onnx_file import read_onnx
from model_zoo.guests.preprocessing import of_timm, of_transformers
from model_zoo.guests.safetensors_file import sizes_of
from model_zoo.guests.scores_file import read_scores
from model_zoo.guests.signature import signature_of
from model_zoo.hub import CACHE
from model_zoo.zoo import Zoo

GUESTS_FILE = Path(__file__).resolve().parents[2] / "guests.toml"
SCORES_FILE = "scores.csv"
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError)
logger = logging.getLogger(__name__)


def admit(declared: Iterable[Declared], cache: Path, most_bytes: int) -> tuple[tuple[Guest, ...], tuple[Refused, ...]]:
    """The guests that can be served, and those that cannot; each is told in the log."""
    guests: list[Guest] = []
    refused: list[Refused] = []
    for each in declared:
        try:
            guests.append(_admitted(each, cache, most_bytes))
            logger.info("guest %s: %s at %s", each.name, each.source, guests[-1].revision[:12])
        except ZooError as error:
            refused.append(Refused(each.name, each.source, str(error)))
        except _MALFORMED as error:  # its files are somebody else's
            why = (
                f"its files are not what they should be ({type(error).__name__}: {' '.join(str(error).split())[:120]})"
            )
            refused.append(Refused(each.name, each.source, why))
    for gone in refused:
        logger.warning("guest %s will not run: %s", gone.name, gone.why)
    return tuple(guests), tuple(refused)


def with_guests(zoo: Zoo, text: str, most_bytes: int, file: Path = GUESTS_FILE, cache: Path = CACHE) -> Zoo:
    """The zoo with the guests beside it that `text` (EXPLORER_GUESTS) or `file` declares. Raises BadGuest where those
    cannot be read."""
    guests, refused = admit(declared_guests(text, file), cache, most_bytes)
    return replace(zoo, guests=guests, refused=refused)


def _admitted(declared: Declared, cache: Path, most_bytes: int) -> Guest:
    if declared.repo:
        folder, revision = fetch(declared, cache, most_bytes)
        return guest_of(declared, folder, revision)
    folder = Path(declared.folder)
    model = folder / ((declared.file or SCORES_FILE) if is_scores(declared) else _model_in(declared, folder))
    if model.is_file() and model.stat().st_size > most_bytes:  # nothing of it is read
        raise BadGuest(_too_large(model.stat().st_size, most_bytes))
    guest = guest_of(declared, folder, "")
    if guest.bytes > most_bytes:
        raise BadGuest(_too_large(guest.bytes, most_bytes))
    return guest


def _too_large(size: int, most: int) -> str:
    return f"it has {size / 1e6:.0f} MB; a guest may have {most / 1e6:.0f} MB"


def guest_of(declared: Declared, folder: Path, revision: str) -> Guest:
    """The guest whose files lie in `folder`, by what they say of themselves; its revision, where none is given, is the
    sha256 of its model. Raises BadGuest, or BadWeights where a file is not the declared one."""
    if is_scores(declared):
        return _scores(declared, folder)
    model = _model_in(declared, folder)
    config, sha256 = _json(folder / "config.json"), _sum_of(declared, folder / model)
    form = declared.form or (ONNX if model.endswith(".onnx") else TIMM)
    view, normalisation = _preprocessing(folder, config, declared.margin, form)
    beside: list[Path] = []
    if form == ONNX:
        graph = read_onnx(folder / model)
        beside = [(folder / model).with_name(name) for name in graph.beside]
        outputs, params = signature_of(graph, view.side).outputs, graph.params
    else:
        _check_timm(config, model)
        outputs = config.get("num_classes")
        params = sum(sizes_of(folder / model).values())
    labels = labels_of(config, declared.fake, declared.real, outputs)
    return Guest(
        declared.name, declared.source, revision or sha256, form, folder, model, sha256,
        _bytes_of(folder / model, beside), params, view, labels, normalisation,
        declared.threshold, str(config.get("architecture") or next(iter(config.get("architectures") or ()), "")),
    )  # fmt: skip


def _scores(declared: Declared, folder: Path) -> Guest:
    file = declared.file or SCORES_FILE
    sha256 = _sum_of(declared, folder / file)
    read_scores(folder / file)
    return Guest(declared.name, declared.source, sha256, SCORES, folder, file, sha256, 0, threshold=declared.threshold)


def _sum_of(declared: Declared, path: Path) -> str:
    """The sha256 of the model. Raises BadWeights where it is not the declared one, or cannot be read."""
    check_sha256(path, declared.sha256 or None, "guests.toml")
    return sha256_of(path)


def _model_in(declared: Declared, folder: Path) -> str:
    names = (declared.file,) if declared.file else MODELS
    name = next((name for name in names if (folder / name).is_file()), None)
    if name is None:
        raise BadGuest(f"there is no {' or '.join(names)} in {folder.name}")
    return name


def _preprocessing(folder: Path, config: Mapping[str, Any], margin: float, form: str) -> Any:
    given = folder / "preprocessor_config.json"
    readers: list[tuple[bool, Callable, Callable[[], Mapping]]] = [
        (given.is_file(), of_transformers, lambda: _json(given)),
        ("pretrained_cfg" in config, of_timm, lambda: config),
    ]
    for there, reader, content in reversed(readers) if form == TIMM else readers:
        if there:
            return reader(content(), margin)
    raise BadGuest("it has no preprocessor_config.json and no pretrained_cfg: how it wants its pictures is not known")


def _check_timm(config: Mapping[str, Any], model: str) -> None:
    if not model.endswith(".safetensors"):
        raise BadGuest(f"{model}: a timm guest is loaded from .safetensors alone, never from a pickled file")
    if not isinstance(config.get("architecture"), str):
        raise BadGuest("its config.json names no architecture of timm's, and there is no ONNX graph")


def _json(path: Path) -> dict[str, Any]:
    if path.exists() and not path.is_file():
        raise BadGuest(f"{path.name} is no file")
    try:
        if path.stat().st_size > MAX_ABOUT_BYTES:
            raise BadGuest(f"{path.name} has over {MAX_ABOUT_BYTES / 1e6:.0f} MB, which no description needs")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadGuest(f"{path.name} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not isinstance(content, dict):
        raise BadGuest(f"{path.name} holds no settings")
    return content


def _bytes_of(model: Path, beside: Iterable[Path]) -> int:
    """Raises BadGuest where a file beside the model is missing, or is a link that leads out of its folder."""
    total = model.stat().st_size
    for path in beside:
        if not path.is_file() or not path.resolve().is_relative_to(path.parent.resolve()):
            raise BadGuest(f"{path.name}, where the graph keeps weights, is not in its folder")
        total += path.stat().st_size
    return total
