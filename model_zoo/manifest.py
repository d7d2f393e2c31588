"""Facts about released variants: scripts write manifest.json, the app reads it."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from model_zoo.errors import BadManifest, UnknownVariant
from model_zoo.files import write_atomically

SCHEMA_VERSION = 3
READABLE = (2, SCHEMA_VERSION)  # 2 knows of no `uncertain` and no `scope`
RELEASE = Path(__file__).parent / "release"
LATENCY = "latency"  # among a variant's metrics: what a face cost, beside what each split said
ELSEWHERE = "elsewhere"  # what clips of the held-out sources said
CORRUPTED = "corruptions"  # what the web's corruptions cost
MIN_CLIPS = 10  # a measure of fewer clips decides nothing


@dataclass(frozen=True)
class Released:
    """One released variant. `files` maps its files, as paths inside the release, to their sha256; `weights` is the one
    that holds the weights, `bytes` its size; `golden` are its logits on train/release/golden.py's crops; `metrics`
    maps a split to its measures, and LATENCY to the milliseconds that a face cost, and where. A clip whose p_fake lies
    in `uncertain` [low, high] is too close to call; empty: of a release before the band was measured. `scope` maps a
    kind of forgery to what may be claimed for it: AUC, interval, clips, and whether it is `better_than_chance`."""

    name: str
    architecture: str
    input_size: int
    weights: str
    files: dict[str, str]
    bytes: int
    params: int
    macs: int
    threshold: float = 0.5
    uncertain: list[float] = field(default_factory=list)
    scope: dict[str, dict[str, Any]] = field(default_factory=dict)
    golden: list[float] = field(default_factory=list)
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Files may come from elsewhere, so none may lie outside the variant's own folder."""
        for path in (self.weights, self.graph):
            if path not in self.files:
                raise ValueError(f"{path} is not among the files of {self.name}")
        for path in self.files:
            if not re.fullmatch(rf"{re.escape(self.name)}/\w[\w.-]*", path) or not re.fullmatch(r"\w+", self.name):
                raise ValueError(f"{path!r} is no file name of a variant named {self.name!r}")
        if self.uncertain:
            low, high = self.uncertain
            if not 0 <= low <= self.threshold <= high <= 1:
                raise ValueError(f"the uncertain band {self.uncertain} of {self.name} does not hold its threshold")

    @property
    def sha256(self) -> str:
        """Of the weights: what tells one training of a variant from another."""
        return self.files[self.weights]

    @property
    def guesses_on(self) -> tuple[str, ...]:
        """The kinds of forgery on which it was measured to be no better than chance; undecided ones are not named."""
        return tuple(family for family, of in self.scope.items() if of.get("better_than_chance") is False)

    @property
    def graph(self) -> str:
        """The ONNX graph, as a path inside the release."""
        return f"{self.name}/model.onnx"


@dataclass(frozen=True)
class Manifest:
    """All released variants, by name, in the order of release."""

    variants: dict[str, Released]

    def __getitem__(self, name: str) -> Released:
        if name not in self.variants:
            raise UnknownVariant(
                f"no variant named {name!r} in this zoo; it holds {', '.join(self.variants) or 'nothing'}"
            )
        return self.variants[name]

    def with_variant(self, released: Released) -> "Manifest":
        """A copy in which this variant is added or replaced."""
        return replace(self, variants=self.variants | {released.name: released})


def read_manifest(release: Path = RELEASE) -> Manifest:
    """The manifest of a release directory.

    Raises BadManifest where it is missing, malformed, of another schema or not what was written: a threshold with one
    flipped bit would still be a number, and turn verdicts.
    """
    path = Path(release) / "manifest.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["schema_version"]
        if version not in READABLE:
            raise BadManifest(
                f"{path.name}: schema {version}, this version reads {' and '.join(map(str, READABLE))}; "
                "update the explorer"
            )
        if unknown := set(content) - {"schema_version", "sha256", "variants"}:
            raise ValueError(f"unknown keys {sorted(unknown)}")
        rows, actual = content["variants"], _sha256(content["variants"])
        if (stated := content.get("sha256", actual)) != actual:  # early manifests state none
            raise BadManifest(
                f"{path.name}: sha256 of its rows is {actual[:12]}..., not {stated[:12]}... as it says; fetch it again"
            )
        return Manifest({row["name"]: Released(**row) for row in rows})
    except OSError as error:
        raise BadManifest(f"{path.name}: cannot be read ({error.strerror}) in {path.parent.name}/") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadManifest(f"{path.name}: malformed ({type(error).__name__}: {error})") from error


def write_manifest(manifest: Manifest, release: Path = RELEASE) -> None:
    """Replace manifest.json in one step, so that a reader never sees half of it."""
    rows = [asdict(row) for row in manifest.variants.values()]
    content = {"schema_version": SCHEMA_VERSION, "sha256": _sha256(rows), "variants": rows}
    with write_atomically(Path(release) / "manifest.json") as partial:
        partial.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _sha256(rows: list[dict[str, Any]]) -> str:
    """Of the rows as compact JSON, so that white space does not count."""
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
