"""The Compare tab: a clip in, every chosen variant side by side."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer.detectors import rows_of
from explorer.errors import ExplorerError
from explorer.exports.result_file import read_result
from explorer.heatmaps.overlay import EVIDENCE, METHODS
from explorer.pages.components.arrival import RUN_EXAMPLE_JS, show_first, show_once_computed
from explorer.pages.components.browser_storage import MARKS, OPENED
from explorer.pages.components.choices import number_of
from explorer.pages.components.clip_box import poster, shown
from explorer.pages.components.controls import COPY_LINK_JS, Controls, build_controls, preset_for, preset_of, restored
from explorer.pages.components.drawing import drawing_updates
from explorer.pages.components.jobs import listener_for, run_and_stop
from explorer.pages.components.kept import KeptReport, restored_report
from explorer.pages.components.messages import computing, html_or_sentence, sentence
from explorer.pages.components.moment import moment
from explorer.pages.components.opened import names_of, opened_updates
from explorer.pages.components.results import READY, Slots, build_results
from explorer.pages.components.settings import Settings
from explorer.pages.components.showcase import Showcase
from explorer.pages.components.updates import cleared, heatmaps, updates
from explorer.plots.palette import colours, completed
from explorer.plots.report import fake_probability
from model_zoo.zoo import Zoo

_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_INSTANT = _QUIET | {"queue": False}  # what takes no time is not refused while the queue is full


@dataclass(frozen=True)
class Opening:
    """What becomes of which components once a clip is opened from elsewhere."""

    changes: Callable[[str], dict[Any, Any]]
    outputs: list[Component]


@dataclass(frozen=True)
class Compared:
    """What other tabs take up: the states with the last KeptReport and its Settings, the clip that is chosen.

    `showcase` is the result of an example for a first visit, which somebody has to prepare; `opening` brings in a clip.
    """

    last_run: gr.State
    settings: gr.State
    clip: gr.File
    showcase: Showcase | None
    opening: Opening


def build_page(zoo: Zoo, examples: dict[str, Path], demo: gr.Blocks, folder: Path | None = None) -> Compared:
    """Lay the tab out inside `demo`; `examples` maps titles to clips, the result of the first is kept in `folder`."""
    rows = rows_of(zoo)
    palette = colours(rows)
    with gr.Row(elem_id="compare"):
        with gr.Column(scale=1, min_width=300, elem_id="left"):
            controls = build_controls(rows, examples, [guest.name for guest in zoo.guests])
        with gr.Column(scale=3, min_width=320, elem_id="right"):
            slots = build_results(zoo, examples, palette)
    linked = [*controls.settings, slots["method"], slots["layer"]]
    _listen_for_clips(controls, slots)
    _listen_for_runs(controls, slots, palette, zoo)
    _listen_for_looks(slots, palette, zoo)
    _listen_for_settings(controls, slots)
    _listen_for_results(controls, slots, palette, zoo)

    def restore(request: gr.Request) -> list[object]:
        return restored(list(rows), dict(request.query_params))

    demo.load(restore, None, linked, **_INSTANT).then(None, None, None, js=RUN_EXAMPLE_JS)
    controls.link.click(None, [controls.box.clip, *linked], None, js=COPY_LINK_JS)
    showcase = Showcase(zoo, examples, palette, folder) if folder and examples else None
    show_first(list(examples), showcase, slots, demo, palette, zoo)
    if showcase:
        show_once_computed(showcase, slots, controls.box.clip, demo)
    return Compared(slots["report"], slots["settings"], controls.box.clip, showcase, _opening(controls, slots))


def _opening(controls: Controls, slots: Slots) -> Opening:
    """What shows a clip that was chosen in another tab, for whoever listens there."""
    box = controls.box
    outputs = [*slots.values(), box.clip, box.player]
    return Opening(lambda clip: _ready(clip, controls, slots) | {box.clip: clip}, outputs)


def _ready(clip: str | None, controls: Controls, slots: Slots) -> dict[Any, Any]:
    """What a clip that is chosen, or taken away, changes: the results of another go."""
    words = f"{Path(clip).name} is ready: press Analyse." if clip else READY
    changes = {slots[slot]: value for slot, value in cleared().items()} | {slots["status"]: sentence(words)}
    return changes | {controls.box.player: shown(clip)}


def _listen_for_results(controls: Controls, slots: Slots, palette: dict[str, str], zoo: Zoo) -> None:
    """A result file takes the place of what is shown, and of the clip."""
    box = controls.box

    def opened(path: str | None) -> dict[Any, Any]:
        if not path:
            return {slots["status"]: gr.skip()}
        try:
            changes = opened_updates(read_result(Path(path)), OPENED, MARKS[OPENED], palette, zoo)
        except ExplorerError as error:
            return {slots["status"]: sentence(f"{error}.", "error"), controls.result: None}
        emptied = {controls.result: None, box.clip: None, box.player: ""}  # another file can be dropped at once
        return {slots[slot]: value for slot, value in changes.items()} | emptied

    filled = [*slots.values(), controls.result, box.clip, box.player]
    controls.result.upload(opened, controls.result, filled, **_INSTANT)


def _listen_for_clips(controls: Controls, slots: Slots) -> None:
    """A clip that is chosen or taken away takes the results of another with it."""
    box, filled = controls.box, list(slots.values())

    def changed(clip: str | None) -> dict[Any, Any]:
        return _ready(clip, controls, slots)

    for event in (box.clip.upload, box.clip.clear):
        event(changed, box.clip, [*filled, box.player], **_INSTANT)
    box.player.input(poster, box.clip, box.player, **_QUIET)


def _listen_for_runs(controls: Controls, slots: Slots, palette: dict[str, str], zoo: Zoo) -> None:
    method, layer = slots["method"], slots["layer"]

    def compare(
        clip: str | None, chosen: list[str], finder: str, frames: float, engine: str, method: str, layer: str
    ) -> Iterator[dict]:
        settings = Settings(clip, chosen, finder, int(frames), engine, method, layer)
        return updates(settings, palette, zoo, controls.box.marks.get(clip or "", ""))

    def drawings(run: KeptReport | None, settings: Settings | None) -> Iterator[dict]:
        return drawing_updates(restored_report(run), settings, palette, zoo)

    listener = listener_for(compare, [controls.box.clip, *controls.settings, method, layer], slots)
    clips = {slot: slots[slot] for slot in ("annotated", "mosaic", "drawn", "download")}
    drawing = listener_for(drawings, [slots["report"], slots["settings"]], clips)

    def pick(event: gr.EventData) -> dict[Any, Any]:
        changes = {slots[slot]: value for slot, value in cleared().items()}
        clip, player = controls.box.chosen(event)
        return changes | {controls.box.clip: clip, controls.box.player: player}

    picked = controls.box.examples.click(
        pick, None, [*slots.values(), controls.box.clip, controls.box.player], **_INSTANT
    )
    run_and_stop(controls.run, controls.stop, listener, slots["status"], picked, controls.box.examples.click, drawing)


def _listen_for_settings(controls: Controls, slots: Slots) -> None:
    """Presets tick variants, and follow what is ticked; settings that are no longer those of what is shown are told."""
    settings: list[Any] = list(controls.settings)

    def tick(preset: str) -> list[str]:
        return preset_of(preset, controls.rows, controls.guests)

    def differs(settings: Settings | None, chosen: list[str], finder: str, frames: float, engine: str) -> str:
        asked = (set(chosen), finder, int(frames), engine)
        if settings is None or asked == (set(settings.variants), settings.finder, settings.frames, settings.engine):
            return ""
        return '<p class="note">The settings have changed since this result: press Analyse to apply them.</p>'

    def follow(chosen: list[str]) -> Any:
        return gr.Radio(value=preset_for(chosen, controls.rows, controls.guests))

    controls.preset.input(tick, controls.preset, settings[0], **_INSTANT)
    settings[0].change(follow, settings[0], controls.preset, **_INSTANT)
    gr.on(
        [setting.change for setting in settings],
        differs, [slots["settings"], *settings], slots["stale"], **_INSTANT,
    )  # fmt: skip


def _listen_for_looks(slots: Slots, palette: dict[str, str], zoo: Zoo) -> None:
    """Another look at the last run, without running it again."""
    last = [slots["report"], slots["settings"]]
    looks = [slots[slot] for slot in ("which", "person", "method", "layer")]

    def look(run: KeptReport | None, settings: Settings, looked: tuple | None, *asked: str) -> Iterator[Any]:
        report = restored_report(run)
        if report is None or not report.pictured or asked == looked:
            yield gr.skip(), gr.skip()  # a generator that gives nothing empties what it fills
            return
        which, person, method, layer = asked
        if method != EVIDENCE:  # gradients take their time
            yield computing(f"computing {method} ..."), looked
        given = replace(settings, method=method, layer=layer)
        yield html_or_sentence(lambda: heatmaps(report, given, zoo, which, person)), asked

    def choose(
        run: KeptReport | None, settings: Settings, method: str, layer: str, event: gr.EventData
    ) -> Iterator[Any]:
        report = restored_report(run)
        if report is None or not report.pictured or settings.clip is None:
            yield gr.skip()
            return
        clip, runners = Path(settings.clip), settings.runners(zoo)
        if method != EVIDENCE:
            yield computing(f"computing {method} at {float(event.time):.2f} s ...")
        yield html_or_sentence(lambda: moment(report, clip, float(event.time), runners, method, layer))

    def single_out(run: KeptReport | None, person: str) -> Any:
        if run is None or not run.report.faces:
            return gr.skip()
        return fake_probability(run.report, completed(palette, names_of(run.report)), number_of(person))

    def free(method: str) -> Any:
        return gr.Dropdown(interactive=method in METHODS)

    slots["person"].input(single_out, [slots["report"], slots["person"]], slots["curves"], **_INSTANT)
    slots["method"].change(free, slots["method"], slots["layer"], **_INSTANT)
    newest: dict[str, Any] = _QUIET | {"trigger_mode": "always_last"}
    gr.on(
        [of.input for of in looks], look, [*last, slots["looked"], *looks], [slots["heat"], slots["looked"]], **newest
    )
    slots["strip"].click(choose, [*last, *looks[2:]], slots["moment"], **newest)
