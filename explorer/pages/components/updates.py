"""What changes in the Compare tab while a clip is analysed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.processing_utils import save_file_to_cache
from gradio.utils import get_upload_folder

from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.annotate import annotate
from explorer.exports.archive import write_zip
from explorer.exports.mosaic import write_mosaic
from explorer.exports.report_json import as_json
from explorer.faces.finders import finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.pages.components.cards import cards
from explorer.pages.components.choices import EVERYONE, SPREAD, chosen_faces, people_of
from explorer.pages.components.heatmap_grid import heatmap_grid
from explorer.pages.components.kept import kept
from explorer.pages.components.messages import RemainingTime, html_or_sentence, progress_bar, sentence, summary
from explorer.pages.components.moment import strip
from explorer.pages.components.origin_panel import origin_panel
from explorer.pages.components.scope_panel import scope_panel
from explorer.pages.components.settings import Settings
from explorer.pipeline import analyse
from explorer.plots.report import fake_probability, time_by_stage
from explorer.structures import Progress, Report, VariantError, VariantResult
from model_zoo.zoo import Zoo


def updates(settings: Settings, order: str, palette: dict[str, str], zoo: Zoo) -> Iterator[dict[str, Any]]:
    """What changes in the page, slot by slot, while a clip is analysed; our own errors become one sentence."""
    yield dict.fromkeys(("curves", "times", "annotated", "raw", "report", "settings")) | {
        **dict.fromkeys(("verdicts", "heat", "strip", "moment", "origin", "scope"), ""),
        "download": gr.DownloadButton(interactive=False),
    }
    try:
        yield from with_deadline(_analysed(settings, order, palette, zoo))
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _analysed(settings: Settings, order: str, palette: dict[str, str], zoo: Zoo) -> Iterator[dict[str, Any]]:
    """Progress and cards, then all that is made of the report. Raises our own errors."""
    if not settings.clip:
        raise InvalidRequest("There is no clip yet; upload one or click an example")
    if not settings.variants:
        raise InvalidRequest("No variant is chosen; tick at least one")
    results: list[VariantResult] = []
    errors: list[VariantError] = []
    clip, remaining = Path(settings.clip), RemainingTime()
    find_faces = finder_named(settings.finder)
    for event in analyse(clip, settings.runners(zoo), find_faces, examine=log_odds, frames=settings.frames):
        match event:
            case Progress():
                yield {"status": progress_bar(event, remaining.left_s(event))}
            case VariantResult() | VariantError():
                if isinstance(event, VariantResult):
                    results.append(event)
                else:
                    errors.append(event)
                yield {"verdicts": cards(results, errors, palette, order, zoo)}
            case Report():
                yield from _finished(clip, settings, event, order, palette, zoo)


def _finished(
    clip: Path, settings: Settings, report: Report, order: str, palette: dict[str, str], zoo: Zoo
) -> Iterator[dict[str, Any]]:
    """The report's figures first, then what takes longer: gradient heatmaps, the clips, the zip."""
    content = as_json(report, zoo)
    people = people_of(report)
    yield {
        "origin": origin_panel(report), "scope": html_or_sentence(lambda: scope_panel(report.variants, zoo)),
        "raw": content, "times": time_by_stage(report, palette), "report": kept(report), "settings": settings,
        "verdicts": cards(report.variants, report.errors, palette, order, zoo, report),
        "person": gr.Dropdown(people, value=EVERYONE, visible=len(people) > 2),
    }  # fmt: skip
    if report.faces and report.variants:
        yield {"curves": fake_probability(report, palette), "strip": strip(report)}
        yield {"heat": html_or_sentence(lambda: heatmaps(report, settings, zoo, SPREAD, EVERYONE))}
    try:
        yield from _written(clip, report, content, palette)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ExplorerError(
            f"The verdicts stand, but the annotated clip or the zip could not be written ({why}); try again later"
        ) from error


def _written(clip: Path, report: Report, content: dict[str, Any], palette: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The annotated clip and the zip. Raises OSError, as on a full disk."""
    remaining = RemainingTime()
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
        annotated, tiles = Path(folder) / f"{clip.stem}.annotated.mp4", Path(folder) / "mosaic.mp4"
        clips = {"annotated": annotated, "mosaic": tiles} if report.faces and report.variants else {}
        if clips:
            for event in annotate(clip, report, annotated, palette):
                yield {"status": progress_bar(event, remaining.left_s(event))}
            yield {"annotated": _served(annotated)}
            for event in write_mosaic(report, tiles, palette):
                yield {"status": progress_bar(event, remaining.left_s(event))}
        target = write_zip(Path(folder) / f"{clip.stem}.zip", report, content, palette, **clips)
        yield {"download": gr.DownloadButton(value=_served(target), interactive=True), "status": summary(report)}


def _served(file: Path) -> str:
    """A copy where Gradio serves files from. It would make one itself, where nobody catches that the disk is full."""
    return save_file_to_cache(file, get_upload_folder())


def heatmaps(report: Report, settings: Settings, zoo: Zoo, which: str, person: str) -> str:
    """The grid for the faces that `which` and `person` choose, as HTML. Raises UnknownOption."""
    faces = chosen_faces(report, which, person)
    return heatmap_grid(report, settings.runners(zoo), faces, settings.method, settings.layer)
