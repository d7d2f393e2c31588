"""Which guests the owner of the app declares: in EXPLORER_GUESTS, or in guests.toml beside the code."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from model_zoo.errors import BadGuest
from model_zoo.guest import FORMS, MARGIN, SCORES
from model_zoo.variants import VARIANTS

MOST = 16  # guests
MARGINS = (1.0, 3.0)
_FILE = re.compile(r"(onnx/)?\w[\w.-]*\.(onnx|safetensors|csv)")


@dataclass(frozen=True)
class Declared:
    """A guest as its owner declares it: a Hub repository at a revision, or a folder on this machine.

    `file` is the one that holds the model, where that is not the usual one; `sha256` what it has to be. `fake` and
    `real` name labels that do not speak for themselves.
    """

    name: str
    repo: str = ""
    revision: str = "main"
    folder: str = ""
    form: str = ""
    file: str = ""
    sha256: str = ""
    margin: float = MARGIN
    threshold: float = 0.5
    fake: tuple[str, ...] = ()
    real: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises BadGuest for what cannot be meant."""
        if bool(self.repo) == bool(self.folder):
            raise BadGuest(f"guest {self.name!r} needs either repo or folder")
        if not re.fullmatch(r"\w{1,48}", self.name):
            raise BadGuest(f"guest {self.name!r} needs a name of letters, digits and _, at most 48")
        if self.form and self.form not in FORMS:
            raise BadGuest(f"guest {self.name} has the form {self.form!r}; there are {', '.join(FORMS)}")
        if self.file and not _FILE.fullmatch(self.file):
            raise BadGuest(f"guest {self.name} names the file {self.file!r}, which is no .onnx, .safetensors or .csv")
        if self.sha256 and not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise BadGuest(f"guest {self.name} names a sha256 that is not 64 hexadecimal digits")
        if not MARGINS[0] <= self.margin <= MARGINS[1]:
            raise BadGuest(f"guest {self.name} has a margin of {self.margin}; {MARGINS[0]} to {MARGINS[1]} can be cut")
        if not 0 < self.threshold < 1:
            raise BadGuest(f"guest {self.name} has a threshold of {self.threshold}, which is not between 0 and 1")

    @property
    def source(self) -> str:
        """Where it comes from: a repository, or a folder, whose place is nobody else's business."""
        return self.repo or Path(self.folder).name


def declared_guests(text: str, file: Path) -> tuple[Declared, ...]:
    """The guests that `text` (EXPLORER_GUESTS) names, or the .toml that it leads to; those of `file` without it.

    Raises BadGuest where that cannot be read, or names one twice.
    """
    text = text.strip()
    if text.endswith(".toml"):
        file, text = Path(text), ""
    elif not text and not file.exists():
        return ()
    given = [_of_word(word) for word in text.split(",") if word.strip()] if text else _of_file(file)
    if len(given) > MOST:
        raise BadGuest(f"{len(given)} guests are declared; at most {MOST} are served")
    return _named(given)


def _of_word(word: str) -> dict[str, Any]:
    """Of user/model@revision."""
    repo, _, revision = word.strip().partition("@")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repo):
        raise BadGuest(f"EXPLORER_GUESTS names {word.strip()!r}; it takes user/model@revision, separated by commas")
    return {"repo": repo, "revision": revision or "main"}


def _of_file(file: Path) -> list[dict[str, Any]]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadGuest(f"{file.name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    rows = content.pop("guest", [])
    if content or not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise BadGuest(f"{file.name} holds [[guest]] tables and nothing else")
    known = {each.name: each for each in fields(Declared)}
    for row in rows:
        if unknown := sorted(set(row) - set(known)):
            raise BadGuest(f"{file.name} has the unknown key {unknown[0]!r}; there are {', '.join(known)}")
        for key, value in row.items():
            _check(file.name, key, value, row)
    base = file.resolve().parent
    return [dict(row) | ({"folder": str(base / row["folder"])} if row.get("folder") else {}) for row in rows]


def _check(file: str, key: str, value: object, row: dict[str, Any]) -> None:
    """Give a list its own form. Raises BadGuest for a value of another kind."""
    kind: Any = {"margin": int | float, "threshold": int | float, "fake": list, "real": list}.get(key, str)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadGuest(f"{file}: {key} = {value!r} is of the wrong kind")
    if isinstance(value, list):
        row[key] = tuple(map(str, value))


def _named(given: list[dict[str, Any]]) -> tuple[Declared, ...]:
    """Each with a name of its own: that of its model, with its maker's where that is taken."""
    guests: dict[str, Declared] = {}
    for row in given:
        maker, _, model = str(row.get("repo") or Path(row.get("folder", "")).name).rpartition("/")
        name = row.get("name") or _slug(model)
        if "name" not in row and (name in VARIANTS or name in guests):
            name = _slug(f"{maker}_{model}")
        if name in VARIANTS or name in guests:
            raise BadGuest(f"two detectors are called {name!r}; give the guest a name of its own in guests.toml")
        guests[name] = Declared(**row | {"name": name})
    return tuple(guests.values())


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:48] or "guest"


def is_scores(guest: Declared) -> bool:
    """Whether it is a file of scores."""
    return guest.form == SCORES or guest.file.endswith(".csv")
