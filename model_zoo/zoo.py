"""Which zoo is served, and which guests beside it."""

from dataclasses import dataclass
from pathlib import Path

from model_zoo.guest import Guest, Refused

BUNDLED = "bundled"


@dataclass(frozen=True)
class Zoo:
    """A release directory and where it comes from.

    `source` is a Hub repository or "bundled"; `revision` its full commit sha, for the bundled zoo the sha256 of its
    manifest. `note` says why it is this zoo, where that is not plainly what was asked for. `guests` are detectors that
    are not ours, `refused` those of them that cannot be served.
    """

    release: Path
    source: str
    revision: str
    note: str = ""
    guests: tuple[Guest, ...] = ()
    refused: tuple[Refused, ...] = ()

    def describe(self) -> str:
        """One sentence for people."""
        what = "The bundled zoo" if self.source == BUNDLED else f"The zoo {self.source}"
        return f"{what}, revision {self.revision[:12]}{f': {self.note}' if self.note else ''}."
