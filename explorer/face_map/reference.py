"""Features of known real and fake faces, bundled to compare a clip's faces with."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).with_name("reference.npz")  # written by train/make_reference.py


@dataclass(frozen=True)
class Reference:
    """`features` (M, C) of faces with `labels` (M,), 1 = fake, as the variant with weights of this sha256 sees them."""

    variant: str
    sha256: str
    features: np.ndarray = field(repr=False, compare=False)
    labels: np.ndarray = field(repr=False, compare=False)


def write_reference(reference: Reference, path: Path = REFERENCE) -> None:
    """Store it: features in half precision, and no image or name of anybody."""
    np.savez_compressed(
        path,
        variant=reference.variant,
        sha256=reference.sha256,
        features=reference.features.astype(np.float16),
        labels=reference.labels.astype(np.uint8),
    )


def read_reference(path: Path = REFERENCE) -> Reference:
    """The stored reference; features as float32."""
    with np.load(path, allow_pickle=False) as stored:
        features = stored["features"].astype(np.float32)
        return Reference(str(stored["variant"]), str(stored["sha256"]), features, stored["labels"])


def why_no_references(variant: str, path: Path = REFERENCE) -> str:
    """Why the bundled references are of no use to a variant, as the rest of a sentence."""
    made_by = read_reference(path).variant
    if made_by != variant:
        return f"they are features of {made_by}, and every network has a space of its own"
    return f"other weights than this {variant} made them"


def reference_for(sha256: str, path: Path = REFERENCE) -> Reference | None:
    """The bundled reference, or None where other weights than these made it: their features are no common space."""
    reference = read_reference(path)
    return reference if reference.sha256 == sha256 else None
