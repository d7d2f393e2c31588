"""The clips that are drawn once the verdicts stand: annotated, and the heatmaps in motion; and the zip."""

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import limits
from explorer.deadline import with_deadline
from explorer.errors import ExplorerError
from explorer.exports.annotate import annotate
from explorer.exports.archive import write_zip
from explorer.exports.mosaic import write_mosaic
from explorer.exports.report_json import as_json
from explorer.pages.components.clip_box import served, shown
from explorer.pages.components.job_progress import DRAWING, JobProgress
from explorer.pages.components.settings import Settings
from explorer.structures import Progress, Report
from model_zoo.zoo import Zoo

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Drawn:
    """Where the clips and the zip are, once they are there."""

    annotated: Path | None = None
    mosaic: Path | None = None
    archive: Path | None = None


def zipped(report: Report, clip: Path, palette: dict[str, str], zoo: Zoo, drawn: Drawn | None = None) -> str:
    """The zip, with the clips that there are, where Gradio serves it from. Raises OSError."""
    clips = {"annotated": drawn.annotated, "mosaic": drawn.mosaic} if drawn else {}
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
        return served(write_zip(Path(folder) / f"{clip.stem}.zip", report, as_json(report, zoo), palette, **clips))


def draw(report: Report, clip: Path, palette: dict[str, str], folder: Path) -> Iterator[Progress | Drawn]:
    """Progress, and what is drawn in `folder` so far. Raises our own errors, and OSError, as on a full disk."""
    annotated, mosaic = folder / f"{clip.stem}.annotated.mp4", folder / "mosaic.mp4"
    yield from annotate(clip, report, annotated, palette)
    yield Drawn(annotated)
    yield from write_mosaic(report, mosaic, palette)
    yield Drawn(annotated, mosaic)


def drawing_updates(
    report: Report | None, settings: Settings | None, palette: dict[str, str], zoo: Zoo
) -> Iterator[dict[str, Any]]:
    """What changes in the page, slot by slot, while the clips of a finished run are drawn. The verdicts stand: what
    fails here is a mild sentence."""
    if report is None or settings is None or settings.clip is None or not (report.faces and report.variants):
        yield {"drawn": ""}
        return
    clip, progress = Path(settings.clip), JobProgress(DRAWING)
    try:
        with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
            drawn = Drawn()
            for event in with_deadline(draw(report, clip, palette, Path(folder)), limits.MAX_DRAWING_SECONDS):
                if isinstance(event, Progress):
                    yield {"drawn": progress.bar(event)}
                else:
                    drawn = event
                    yield players(drawn)
            download = gr.DownloadButton(value=zipped(report, clip, palette, zoo, drawn), visible=True)
            yield {"drawn": "", "download": download}
    except (ExplorerError, OSError) as error:
        logger.warning("the clips could not be drawn: %s", error)
        why = "there is no room for them" if isinstance(error, OSError) else str(error)
        yield {"drawn": f'<p class="small">The verdicts stand, but not all clips could be drawn: {why}.</p>'}


def players(drawn: Drawn) -> dict[str, str]:
    """Both clips as HTML that fetches them once it is unfolded, where they are served from. Raises OSError."""
    players = {}
    for slot, path, label in (
        ("annotated", drawn.annotated, "As a file: faces boxed, with what each detector says"),
        ("mosaic", drawn.mosaic, "As a file: where they looked, in motion"),
    ):
        if path is not None:
            player = shown(served(path), label, preload="none")
            players[slot] = f"<details><summary>{label}</summary>{player}</details>"
    return players
