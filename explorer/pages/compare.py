"""The Compare tab: a clip in, every chosen variant side by side."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from explorer.pages.components.cards import cards
from explorer.pages.components.choices import number_of
from explorer.pages.components.controls import COPY_LINK_JS, Controls, build_controls, restored
from explorer.pages.components.jobs import listener_for, run_and_stop
from explorer.pages.components.kept import KeptReport, restored_report
from explorer.pages.components.messages import html_or_sentence
from explorer.pages.components.moment import moment
from explorer.pages.components.results import build_results
from explorer.pages.components.robustness_panel import build_robustness
from explorer.pages.components.settings import Settings
from explorer.pages.components.updates import heatmaps, updates
from explorer.plots.palette import colours
from explorer.plots.report import fake_probability
from model_zoo.manifest import read_manifest
from model_zoo.zoo import Zoo

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_INSTANT = _QUIET | {"queue": False}  # what takes no time is not refused while the queue is full


def build_page(zoo: Zoo, examples: dict[str, Path], demo: gr.Blocks) -> gr.State:
    """Lay the tab out inside `demo`; `examples` maps titles to clips. Gives the state that holds the last run."""
    names = list(read_manifest(zoo.release).variants)
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            controls = build_controls(names, examples)
        with gr.Column(scale=2, min_width=320):
            slots = build_results()
            build_robustness(slots["report"], slots["settings"], zoo)
    palette = colours(names)
    _listen_for_runs(controls, slots, palette, zoo)
    _listen_for_looks(controls, slots, palette, zoo)

    def restore(request: gr.Request) -> list[object]:
        return restored(names, dict(request.query_params))

    demo.load(restore, None, controls.settings, **_INSTANT)
    controls.link.click(None, controls.settings, None, js=COPY_LINK_JS)
    report = slots["report"]
    assert isinstance(report, gr.State)
    return report


def _listen_for_runs(controls: Controls, slots: dict, palette: dict[str, str], zoo: Zoo) -> None:
    def compare(
        clip: str | None,
        order: str,
        chosen: list[str],
        finder: str,
        frames: float,
        engine: str,
        method: str,
        layer: str,
    ) -> Iterator[dict]:
        return updates(Settings(clip, chosen, finder, int(frames), engine, method, layer), order, palette, zoo)

    inputs = [controls.clip, slots["order"], *controls.settings]
    listener = listener_for(compare, inputs, slots, slots["status"])
    run_and_stop(controls.run, controls.examples, controls.stop, listener, slots["status"])


def _listen_for_looks(controls: Controls, slots: dict, palette: dict[str, str], zoo: Zoo) -> None:
    """Another look at the last run, without running it again."""
    last = [slots["report"], slots["settings"]]
    *_, method, layer = controls.settings

    def sort(run: KeptReport | None, order: str) -> Any:
        report = restored_report(run)
        return cards(report.variants, report.errors, palette, order, zoo, report) if report else gr.skip()

    def look(run: KeptReport | None, settings: Settings, which: str, person: str, method: str, layer: str) -> Any:
        report = restored_report(run)
        if report is None or not report.faces:
            return gr.skip()
        return html_or_sentence(
            lambda: heatmaps(report, replace(settings, method=method, layer=layer), zoo, which, person)
        )

    def choose(run: KeptReport | None, settings: Settings, method: str, layer: str, event: gr.EventData) -> Any:
        report = restored_report(run)
        if report is None or not report.faces or settings.clip is None:
            return gr.skip()
        clip, runners = Path(settings.clip), settings.runners(zoo)
        return html_or_sentence(lambda: moment(report, clip, float(event.time), runners, method, layer))

    def single_out(run: KeptReport | None, person: str) -> Any:
        report = restored_report(run)
        return fake_probability(report, palette, number_of(person)) if report and report.faces else gr.skip()

    slots["person"].input(single_out, [slots["report"], slots["person"]], slots["curves"], **_INSTANT)
    slots["order"].change(sort, [slots["report"], slots["order"]], slots["verdicts"], **_INSTANT)
    looks = [slots["which"], slots["person"], method, layer]
    gr.on([of.input for of in looks], look, [*last, *looks], slots["heat"], **_QUIET)
    slots["strip"].click(choose, [*last, method, layer], slots["moment"], **_QUIET)
