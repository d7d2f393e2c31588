"""A detector that is not ours, beside the zoo: what it takes and gives, as its own files and its owner say."""

from dataclasses import dataclass, field
from pathlib import Path

ONNX, TIMM, SCORES = "onnx", "timm", "scores"
FORMS = (ONNX, TIMM, SCORES)
MOST_TOLD = 12  # labels of a side
MARGIN = 1.3  # of the face box: what a guest sees, unless its owner says otherwise


@dataclass(frozen=True)
class View:
    """How a face is cut: a square about the box, `margin` times its longer side, moved `down` by a share of that side.

    It is scaled to `resized` pixels by the Pillow filter `resampling`; the middle `side` of those are what it sees.
    """

    margin: float
    resized: int
    side: int
    resampling: str = "bilinear"
    down: float = 0.0


@dataclass(frozen=True)
class Labels:
    """What a guest's outputs stand for, in their order, and which of them speak for fake and for real.

    With one output its sigmoid is the probability of `fake` or of `real`, whichever holds it. `sigmoid`: several
    outputs are opinions of their own, else one distribution (softmax).
    """

    names: tuple[str, ...]
    fake: tuple[int, ...]
    real: tuple[int, ...]
    sigmoid: bool = False

    def describe(self) -> str:
        """As it was read, for people: "fake: Deepfake (output 0); real: Realism (output 1)"."""
        sides = {"fake": self.fake, "real": self.real}
        listed = {word: ", ".join(map(self._told, side[:MOST_TOLD])) for word, side in sides.items()}
        more = {word: f" and {len(side) - MOST_TOLD} more" for word, side in sides.items() if len(side) > MOST_TOLD}
        return "; ".join(f"{word}: {names}{more.get(word, '')}" for word, names in listed.items() if names)

    def _told(self, output: int) -> str:
        """The label, whatever its maker wrote: 40 characters of it, none of which moves the others about."""
        name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in self.names[output])
        return f"{name[:40]} (output {output})"


@dataclass(frozen=True)
class Normalisation:
    """Pixels of 0 to 255 are multiplied by `scale`, then (x - mean) / std, by channel."""

    scale: float
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


@dataclass(frozen=True)
class Guest:
    """One guest, its files checked. `model` is the file that holds it, `sha256` that file's; `bytes` counts all that
    has to be loaded. What a scores file lacks (`view`, `labels`, `normalisation`) is None."""

    name: str
    source: str
    revision: str
    form: str
    folder: Path
    model: str
    sha256: str
    bytes: int
    params: int = 0
    view: View | None = None
    labels: Labels | None = None
    normalisation: Normalisation | None = None
    threshold: float = 0.5
    architecture: str = ""

    @property
    def path(self) -> Path:
        """The file that holds the model, or the scores."""
        return self.folder / self.model


@dataclass(frozen=True)
class Refused:
    """A guest that cannot be served, and why in one sentence."""

    name: str
    source: str
    why: str = field(compare=False)
