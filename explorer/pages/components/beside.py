"""Another clip beside the one that was analysed: sentences, curves and rows paired by variant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import limits
from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.conclusion import conclude
from explorer.exports.report_json import as_json, measured_of
from explorer.exports.result_file import Result, read_result
from explorer.faces.finders import DEFAULT_FINDER
from explorer.heatmaps.overlay import EVIDENCE
from explorer.judging import judge
from explorer.pages.components.browser_storage import ANALYSED, BESIDE, MARKS, OPENED, STORAGE_JS, kept_by_browser
from explorer.pages.components.clip_box import ClipBox, build_clip_box, poster, shown
from explorer.pages.components.headline import headline
from explorer.pages.components.job_progress import ANALYSIS, JobProgress
from explorer.pages.components.jobs import listener_for, run_and_stop
from explorer.pages.components.kept import KeptReport, kept
from explorer.pages.components.messages import sentence, summary
from explorer.pages.components.opened import content_of, kept_result, names_of
from explorer.pages.components.pair_table import pair_table
from explorer.pages.components.settings import Settings
from explorer.plots.palette import completed
from explorer.plots.report import fake_probability
from explorer.structures import Progress, Report
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

RESULT_FILES = (".json", ".zip")
_ABOUT = "It is judged by the same detectors, with the same settings, as a job of its own; or open a result file."


@dataclass(frozen=True)
class Other:
    """What stands beside: a report without crops, and where it comes from, in words."""

    kept: KeptReport
    mark: str = ""


def build_beside(
    report: gr.State, settings: gr.State, examples: Mapping[str, Path], palette: dict[str, str], zoo: Zoo
) -> dict[str, Any]:
    """Lay it out, folded, inside the current Blocks; the states are those of the first clip. Gives its slots."""
    with gr.Accordion("Compare with another clip", open=False, elem_id="beside") as fold:
        gr.Markdown(_ABOUT, elem_classes="small")
        box = build_clip_box(examples, "beside-clip", "Another clip or photo, or a result file", RESULT_FILES)
        with gr.Row():
            run = gr.Button("Judge it, too", variant="primary", elem_id="beside-run")
            stop = gr.Button("Stop", interactive=False, elem_id="beside-stop")
        status = gr.HTML(elem_id="beside-status")
        pair = gr.HTML(elem_id="pair", js_on_load=STORAGE_JS, apply_default_css=False)
        with gr.Row():
            curves = [gr.Plot(visible=False, elem_id=f"pair-curves-{i}", min_width=300) for i in (1, 2)]
    other = gr.State(None, time_to_live=1800)
    slots = {"status": status, "pair": pair, "first": curves[0], "second": curves[1], "other": other, "fold": fold}
    _listen(box, run, stop, slots, report, settings, palette, zoo)
    return slots


def _listen(
    box: ClipBox, run: gr.Button, stop: gr.Button, slots: dict[str, Any], report: gr.State, settings: gr.State,
    palette: dict[str, str], zoo: Zoo,
) -> None:  # fmt: skip
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def judge(first: KeptReport | None, settings: Settings | None, clip: str | None) -> Iterator[dict[str, Any]]:
        mark = box.marks.get(clip or "", "")
        return updates(first, settings, clip, palette, zoo, mark)

    def again(first: KeptReport | None, other: Other | None) -> dict[Any, Any]:
        return {slots[slot]: value for slot, value in paired(first, other, palette, zoo).items()}

    listener = listener_for(judge, [report, settings, box.clip], slots)
    picked = box.examples.click(box.chosen, None, [box.clip, box.player], queue=False, **quiet)
    run_and_stop(run, stop, listener, slots["status"], picked, box.examples.click)
    for event in (box.clip.upload, box.clip.clear):
        event(_player, box.clip, box.player, queue=False, **quiet)
    box.player.input(poster, box.clip, box.player, **quiet)
    views = [slots[slot] for slot in ("pair", "first", "second")]
    report.change(again, [report, slots["other"]], views, queue=False, **quiet)


def _player(path: str | None) -> str:
    return "" if path and _is_result(path) else shown(path)


def _is_result(path: str) -> bool:
    return Path(path).suffix.lower() in RESULT_FILES


def updates(
    first: KeptReport | None, settings: Settings | None, clip: str | None, palette: dict[str, str], zoo: Zoo, mark: str
) -> Iterator[dict[str, Any]]:
    """What changes, slot by slot, while the other clip is judged or read; our own errors become one sentence."""
    yield {"other": None} | paired(first, None, palette, zoo)
    try:
        if first is None:
            raise InvalidRequest("There is no result yet to stand beside; analyse a clip first")
        if not clip:
            raise InvalidRequest("There is no other clip yet; upload one or click an example")
        if _is_result(clip):
            yield from _placed(first, result_beside(read_result(Path(clip)), OPENED, zoo), OPENED, palette, zoo)
            return
        given = replace(settings or _settings_of(first.report, palette), clip=clip)
        for event in with_deadline(_judged(given, zoo)):
            if isinstance(event, Report):
                yield from _placed(first, (Other(kept(event), mark), as_json(event, zoo)), ANALYSED, palette, zoo)
            else:
                yield event
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _settings_of(report: Report, palette: Mapping[str, str]) -> Settings:
    """Those of a result that was opened, as far as it says: variants that are here, frames; the rest as at first."""
    names = [name for name in names_of(report) if name in palette] or [each for each in SHOWN_FIRST if each in palette]
    frames = report.frames_sampled or limits.DEFAULT_FRAMES
    return Settings(None, names, DEFAULT_FINDER, frames, "auto", EVIDENCE, "pooled")


def _judged(settings: Settings, zoo: Zoo) -> Iterator[dict[str, Any] | Report]:
    progress = JobProgress(ANALYSIS)
    for event in judge(Path(str(settings.clip)), settings.question, zoo):
        if isinstance(event, Progress):
            yield {"status": progress.bar(event)}
        elif isinstance(event, Report):
            yield event


def result_beside(result: Result, how: str, zoo: Zoo) -> tuple[Other, dict[str, Any]]:
    """A result that was computed before, and its content."""
    return Other(kept_result(result, zoo), MARKS[how]), content_of(result, zoo)


def _placed(
    first: KeptReport, judged: tuple[Other, dict[str, Any]], how: str, palette: dict[str, str], zoo: Zoo
) -> Iterator[dict[str, Any]]:
    """The pair, and what the browser keeps of it."""
    (other, content), changes = judged, paired(first, judged[0], palette, zoo)
    keep = kept_by_browser(BESIDE, how, content)
    stripped = Other(replace(other.kept, crops=()), other.mark)
    yield changes | {"pair": changes["pair"] + keep, "status": summary(other.kept.report), "other": stripped}


def paired(first: KeptReport | None, other: Other | None, palette: dict[str, str], zoo: Zoo) -> dict[str, Any]:
    """Both sentences, rows and curves; empty where one of the two is missing."""
    if first is None or other is None:
        return {"pair": "", "first": gr.Plot(visible=False), "second": gr.Plot(visible=False)}
    both = (first, other.kept)
    heads = _head(first, "", "first", zoo) + _head(other.kept, other.mark, "second", zoo)
    shades = completed(palette, [name for each in both for name in names_of(each.report)])
    table = pair_table(first.report, other.kept.report, shades)
    plots = [_plot(each.report, shades) for each in both]
    return {"pair": f'<div class="pair">{heads}</div>{table}', "first": plots[0], "second": plots[1]}


def _head(each: KeptReport, mark: str, which: str, zoo: Zoo) -> str:
    """The sentence over a clip's variants, with its caution."""
    measured = {} if each.elsewhere else measured_of(zoo)
    return headline(conclude(each.report, measured), each.report.clip.name, mark, f"What they say of the {which} clip")


def _plot(report: Report, shades: dict[str, str]) -> gr.Plot:
    judged = bool(report.faces and report.variants)
    figure = fake_probability(report, shades) if judged else None
    return gr.Plot(figure, visible=judged, label=f"p_fake over time: {report.clip.name}")
