"""Which zoo is served, and which guests beside it."""

from dataclasses import dataclass
from pathlib import Path

from model_zoo.guest import Guest, Refused

BUNDLED, LOCAL = "bundled", "local"


@dataclass(frozen=True)
class Zoo:
    """A release directory and where it comes from.

    `source` is a Hub repository, "bundled", or "local" for a folder of this machine; `revision` its full commit sha,
    for the latter two the sha256 of its manifest. `note` says why it is this zoo, where that is not plainly what was
    asked for. `guests` are detectors that are not ours, `refused` those of them that cannot be served.
    """

    release: Path
    source: str
    revision: str
    note: str = ""
    guests: tuple[Guest, ...] = ()
    refused: tuple[Refused, ...] = ()

    @property
    def here(self) -> bool:
        """Whether all of it lies on this machine, cards and graphs, and none of it on the Hub."""
        return self.source in (BUNDLED, LOCAL)

    def describe(self) -> str:
        """One sentence for people."""
        what = {BUNDLED: "The bundled zoo", LOCAL: "A zoo of this machine"}.get(self.source, f"The zoo {self.source}")
        return f"{what}, revision {self.revision[:12]}{f': {self.note}' if self.note else ''}."
