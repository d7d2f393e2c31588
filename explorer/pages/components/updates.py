"""What changes in the Compare tab while a clip is analysed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.conclusion import conclude
from explorer.exports.report_json import as_json, measured_of
from explorer.judging import judge
from explorer.pages.components.browser_storage import ANALYSED, RESULT, actions, kept_by_browser
from explorer.pages.components.choices import EVERYONE, SPREAD, chosen_faces, people_of
from explorer.pages.components.detector_table import Run, detector_table
from explorer.pages.components.drawing import zipped
from explorer.pages.components.headline import headline
from explorer.pages.components.heatmap_grid import heatmap_grid
from explorer.pages.components.job_progress import ANALYSIS, JobProgress
from explorer.pages.components.kept import kept
from explorer.pages.components.messages import html_or_sentence, sentence, summary
from explorer.pages.components.moment import strip
from explorer.pages.components.origin_panel import origin_panel
from explorer.pages.components.people_table import people_table
from explorer.pages.components.scope_panel import scope_panel
from explorer.pages.components.settings import Settings
from explorer.pages.components.stage import stage
from explorer.plots.report import fake_probability, time_by_stage
from explorer.structures import Progress, Report, VariantError, VariantResult
from model_zoo.zoo import Zoo


def cleared() -> dict[str, Any]:
    """Every slot as it is without a result; what the browser keeps stays there until another takes its place."""
    return dict.fromkeys(("curves", "times", "raw", "report", "settings", "looked")) | {
        **dict.fromkeys(("headline", "stale", "verdicts", "people", "heat", "strip", "stage", "moment", "origin"), ""),
        **dict.fromkeys(("annotated", "mosaic", "drawn", "scope"), ""),
        "keeping": actions(),
        "evidence": gr.Column(visible=False),
        "download": gr.DownloadButton(visible=False),
    }


def updates(settings: Settings, palette: dict[str, str], zoo: Zoo, mark: str = "") -> Iterator[dict[str, Any]]:
    """What changes in the page, slot by slot, while a clip is analysed; our own errors become one sentence.

    `mark` says what is known of the clip.
    """
    yield cleared()
    try:
        yield from with_deadline(_analysed(settings, palette, zoo, mark))
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _analysed(settings: Settings, palette: dict[str, str], zoo: Zoo, mark: str) -> Iterator[dict[str, Any]]:
    """Progress and rows, then all that is made of the report. Raises our own errors."""
    if not settings.clip:
        raise InvalidRequest("There is no clip yet; upload one or click an example")
    if not settings.variants:
        raise InvalidRequest("No variant is chosen; tick at least one")
    results: list[VariantResult] = []
    errors: list[VariantError] = []
    progress, released = JobProgress(ANALYSIS), measured_of(zoo)
    rows: dict[str, Any] = {}  # they go with what comes next, at once: each update costs a page tens of milliseconds
    for event in judge(Path(settings.clip), settings.question, zoo):
        match event:
            case Progress():
                yield rows | {"status": progress.bar(event)}
                rows = {}
            case VariantResult() | VariantError():
                if isinstance(event, VariantResult):
                    results.append(event)
                else:
                    errors.append(event)
                rows = {"verdicts": detector_table(Run(results, errors, settings.variants), palette, zoo, released)}
            case Report():
                yield from finished(event, settings, palette, zoo, mark)
                yield {"keeping": actions(True, kept_by_browser(RESULT, ANALYSED, as_json(event, zoo)))}


def finished(
    report: Report, settings: Settings, palette: dict[str, str], zoo: Zoo, mark: str = ""
) -> Iterator[dict[str, Any]]:
    """All that is made of a report, the sentence first; `mark` says what is known of the clip."""
    yield judgement(report, palette, zoo, mark)
    yield facts(report, palette, zoo) | {"report": kept(report), "settings": settings}
    if report.faces and report.variants:
        playing = stage(report, settings.clip, palette) if settings.clip else ""
        yield {"curves": fake_probability(report, palette), "strip": strip(report), "stage": playing}
        look = (SPREAD, EVERYONE, settings.method, settings.layer)
        yield {"heat": html_or_sentence(lambda: heatmaps(report, settings, zoo, *look[:2])), "looked": look}
    yield {"download": _download(report, settings, palette, zoo)}


def judgement(report: Report, palette: dict[str, str], zoo: Zoo, mark: str = "") -> dict[str, Any]:
    """What is read first: the sentence over all variants, and theirs."""
    released, run = measured_of(zoo), Run(report.variants, report.errors, report=report)
    return {
        "status": summary(report),
        "headline": headline(conclude(report, released), report.clip.name, mark),
        "verdicts": detector_table(run, palette, zoo, released),
    }


def facts(report: Report, palette: dict[str, str], zoo: Zoo) -> dict[str, Any]:
    """What needs no picture of a face."""
    people = people_of(report)
    return {
        "people": people_table(report), "evidence": gr.Column(visible=bool(report.faces and report.variants)),
        "pictures": gr.Column(visible=report.pictured), "again": gr.Column(visible=report.pictured),
        "person": gr.Dropdown(people, value=EVERYONE, visible=len(people) > 2),
        "origin": origin_panel(report), "scope": html_or_sentence(lambda: scope_panel(report.variants, zoo)),
        "times": time_by_stage(report, palette), "raw": as_json(report, zoo), "keeping": actions(True),
    }  # fmt: skip


def _download(report: Report, settings: Settings, palette: dict[str, str], zoo: Zoo) -> gr.DownloadButton:
    """The zip without clips: they may still be drawn. Raises ExplorerError where it cannot be written."""
    try:
        return gr.DownloadButton(value=zipped(report, Path(str(settings.clip)), palette, zoo), visible=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ExplorerError(f"The verdicts stand, but the zip could not be written ({why}); try again later") from error


def heatmaps(report: Report, settings: Settings, zoo: Zoo, which: str, person: str) -> str:
    """The grid for the faces that `which` and `person` choose, as HTML. Raises UnknownOption."""
    faces = chosen_faces(report, which, person)
    return heatmap_grid(report, settings.runners(zoo), faces, settings.method, settings.layer)
