"""A variant of a release, its files checked, ready for any engine."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from model_zoo.errors import UnknownVariant
from model_zoo.files import check_sha256
from model_zoo.manifest import RELEASE, Released, read_manifest
from model_zoo.variants import VARIANTS, Variant

if TYPE_CHECKING:
    from model_zoo.detector import Detector


@dataclass(frozen=True)
class LoadedVariant:
    """A released variant: `graph` is its ONNX file, `detector` the torch network."""

    variant: Variant
    facts: Released
    release: Path

    @property
    def graph(self) -> Path:
        """What ONNX Runtime and OpenVINO run; of a float variant, its kernels lie in the weights file beside it."""
        return self.release / self.facts.graph

    @cached_property
    def detector(self) -> "Detector | None":
        """The network in eval mode; None for int8, which is a graph only. Raises BadWeights."""
        if self.variant.precision == "int8":
            return None
        from model_zoo.factory import restore  # torch is loaded where it is needed: the graph runs without

        return restore(self.variant, self.release / self.facts.weights, self.facts.sha256)

    @property
    def network(self) -> "Detector":
        """The detector of a float variant. Raises UnknownVariant for int8, which is a graph only."""
        if self.detector is None:
            raise UnknownVariant(f"{self.variant.name} is a graph only; name a float variant")
        return self.detector


def load(name: str, release: Path = RELEASE) -> LoadedVariant:
    """A released variant. Raises UnknownVariant or BadManifest, and BadWeights where a file is not the manifest's."""
    release = Path(release)
    facts = read_manifest(release)[name]
    if name not in VARIANTS:
        raise UnknownVariant(f"{name} is in the zoo, but this version of the explorer does not know it; update it")
    for path, sha256 in facts.files.items():
        check_sha256(release / path, sha256)
    return LoadedVariant(VARIANTS[name], facts, release)
