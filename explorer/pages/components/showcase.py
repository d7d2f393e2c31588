"""The result that a first visit shows: of the first example, computed once for each zoo, and kept."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.errors import ExplorerError
from explorer.exports.report_file import read_report, write_report
from explorer.faces.finders import DEFAULT_FINDER
from explorer.judging import judge
from explorer.limits import DEFAULT_FRAMES
from explorer.pages.components.clip_box import served
from explorer.pages.components.drawing import Drawn, draw, players, zipped
from explorer.pages.components.settings import Settings
from explorer.pages.components.updates import finished
from explorer.pipeline import report_of
from explorer.structures import Report
from explorer.video.examples import described
from model_zoo.errors import ZooError
from model_zoo.files import locked
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

logger = logging.getLogger(__name__)
_FORMAT = 2  # of what is kept


class Showcase:
    """The kept result of the first of `examples` (titles to clips) by the variants shown first, of those in `palette`.

    `kept` collects the files that visitors are shown, which are not to be swept. `awaited`: it is still to come.
    """

    def __init__(self, zoo: Zoo, examples: Mapping[str, Path], palette: dict[str, str], folder: Path):
        self.zoo, self.palette, names = zoo, palette, list(palette)
        self.kept: set[str] = set()
        self.title = next(iter(examples), "")
        self.clip = examples.get(self.title)
        self.variants = [name for name in names if name in SHOWN_FIRST] or names[:1]
        self.folder = folder / self._key() if self.clip else folder
        self.awaited = self.clip is not None
        self._report: Report | None = None
        self._updates: dict[str, Any] = {}

    def _key(self) -> str:
        """The zoo's revision, the example and the variants: of another of these the result is another."""
        content = sha256(self.clip.read_bytes() if self.clip else b"").hexdigest()
        return sha256(repr((_FORMAT, self.zoo.revision, self.variants, content)).encode()).hexdigest()[:24]

    @property
    def settings(self) -> Settings:
        """What it was computed with: what a visitor's own run would be, left as it is."""
        clip = served(self.clip) if self.clip else None
        return Settings(clip, self.variants, DEFAULT_FINDER, DEFAULT_FRAMES, "auto", "evidence", "pooled")

    @property
    def mark(self) -> str:
        """Where the result comes from, and what is true of the clip."""
        return f"An example, computed before: {described(self.title)}"

    def prepare(self) -> None:
        """Compute and keep it where that was not done before; what fails is a line in the log."""
        try:
            if self.clip is not None and self.report() is None:
                self._once(self.clip)
        except (ExplorerError, ZooError, OSError) as error:
            logger.warning("no example result: %s", error)
        finally:
            self.awaited = False

    def _once(self, clip: Path) -> None:
        """Of several that start on one cache one computes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder):
            if self.report() is None:
                self._compute(clip)

    def _compute(self, clip: Path) -> None:
        report = report_of(judge(clip, self.settings.question, self.zoo))
        if failed := [error.message for error in report.errors if error.variant]:
            logger.warning("no example result: %s", failed[0])
            return
        for _ in draw(report, clip, self.palette, self.folder):
            pass
        write_report(report, self.folder / "report.npz")

    def report(self) -> Report | None:
        """The kept report, or None while there is none that can be read."""
        if self._report is None:
            try:
                self._report = read_report(self.folder / "report.npz")
            except (OSError, ValueError):
                return None
        return self._report

    def updates(self) -> dict[str, Any]:
        """What a first visit shows, slot by slot; nothing while there is no result."""
        report = self.report()
        if report is None or self.clip is None:
            return {}
        if not self._updates:
            drawn = Drawn(self.folder / f"{self.clip.stem}.annotated.mp4", self.folder / "mosaic.mp4")
            changes: dict[str, Any] = {}
            for each in finished(report, self.settings, self.palette, self.zoo, self.mark):
                changes |= each
            archive = zipped(report, self.clip, self.palette, self.zoo, drawn)
            self.kept.update((archive, *(served(path) for path in (drawn.annotated, drawn.mosaic) if path)))
            changes["download"] = gr.DownloadButton(value=archive, visible=True)
            self._updates = changes | players(drawn)
        return self._updates
