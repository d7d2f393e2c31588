"""What stands in the Compare tab when somebody arrives: what a link names, what the browser kept, or an example."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from explorer.errors import ExplorerError
from explorer.pages.components.beside import paired, result_beside
from explorer.pages.components.browser_storage import MARKS, STORED_JS, forgotten, stored
from explorer.pages.components.clip_box import link_name
from explorer.pages.components.messages import sentence
from explorer.pages.components.opened import opened_updates
from explorer.pages.components.results import READY, Slots
from explorer.pages.components.showcase import Showcase
from model_zoo.zoo import Zoo

EXAMPLE, TAB = "example", "tab"  # of a link's parameters: an example to run, and where to look
_INSTANT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
_LOOK_S = 2.0  # between two looks for the example's result
_COMING = f"{READY} The first example is being judged; its result appears here as soon as it is there."
_NO_SUCH = "This link names an example that is not here; choose one of those that are."
# Once the settings of a link stand: a click on the example that it names.
RUN_EXAMPLE_JS = """() => {
  const name = new URLSearchParams(window.location.search).get('EXAMPLE');
  const button = [...document.querySelectorAll('#clip-examples button')].find(each => each.dataset.name === name);
  button?.click();
  return [];
}""".replace("EXAMPLE", EXAMPLE)


def show_first(
    titles: list[str], showcase: Showcase | None, slots: Slots, demo: gr.Blocks, palette: dict[str, str], zoo: Zoo
) -> None:
    """What the browser kept, or the result of an example."""
    if showcase:
        slots["headline"].keep_in_cache = showcase.kept
    kept = [gr.Textbox(visible=False), gr.Textbox(visible=False)]

    def first(result: str, beside: str, request: gr.Request) -> dict[Any, Any]:
        changes = arrival(dict(request.query_params), (result, beside), titles, showcase, palette, zoo)
        return {slots[slot]: value for slot, value in changes.items()} or {slots["status"]: gr.skip()}

    demo.load(first, kept, list(slots.values()), js=STORED_JS, **_INSTANT)


def show_once_computed(showcase: Showcase, slots: Slots, clip: gr.File, demo: gr.Blocks) -> None:
    """For whoever comes before the example's result: it appears as soon as it is there, unless he chose a clip."""
    clock, status = gr.Timer(_LOOK_S, active=False), slots["status"]

    def wait(request: gr.Request) -> tuple[Any, Any]:
        coming = awaits(dict(request.query_params), showcase)
        return gr.Timer(active=coming), sentence(_COMING) if coming else gr.skip()

    def look(*begun: object) -> dict[Any, Any]:
        if showcase.awaited and not any(begun):
            return {clock: gr.skip()}
        changes = {} if any(begun) else {"status": sentence(READY)} | showcase.updates()
        return {slots[slot]: value for slot, value in changes.items()} | {clock: gr.Timer(active=False)}

    demo.load(wait, None, [clock, status], **_INSTANT)
    clock.tick(look, [clip, slots["report"], slots["settings"]], [*slots.values(), clock], **_INSTANT)


def arrival(
    link: Mapping[str, str],
    kept: tuple[str, str],
    titles: Sequence[str],
    showcase: Showcase | None,
    palette: dict[str, str],
    zoo: Zoo,
) -> dict[str, Any]:
    """What changes, slot by slot. `kept` is what the browser brings of the last result and of the one beside it."""
    if EXAMPLE in link:
        known = link[EXAMPLE] in map(link_name, titles)
        return {} if known else {"status": sentence(_NO_SUCH, "error")}
    if kept[0]:
        try:
            return _brought(kept, palette, zoo)
        except ExplorerError:
            first = _first(link, showcase)
            return first | {"keeping": forgotten(bool(first))}
    return _first(link, showcase)


def _brought(kept: tuple[str, str], palette: dict[str, str], zoo: Zoo) -> dict[str, Any]:
    """Raises ExplorerError for what is no result: pages of other versions kept it, or somebody wrote it by hand."""
    last = stored(kept[0])
    changes = opened_updates(last.result, last.how, MARKS[last.how], palette, zoo)
    if kept[1]:
        beside = stored(kept[1])
        other = result_beside(beside.result, beside.how, zoo)[0]
        changes |= {"other": other, "fold": gr.Accordion(open=True)} | paired(changes["report"], other, palette, zoo)
    return changes


def awaits(link: Mapping[str, str], showcase: Showcase | None) -> bool:
    """Whether an example would be shown that is still being computed: the first start with a zoo."""
    return showcase is not None and showcase.awaited and not link.keys() - {TAB}


def _first(link: Mapping[str, str], showcase: Showcase | None) -> dict[str, Any]:
    """The example that was computed before, for whoever comes without a link's settings."""
    return showcase.updates() if showcase and not link.keys() - {TAB} else {}
