"""What stands in the Compare tab when somebody arrives: what a link names, what the browser kept, or an example."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from explorer.errors import ExplorerError
from explorer.pages.components.beside import paired, result_beside
from explorer.pages.components.browser_storage import MARKS, forgotten, stored
from explorer.pages.components.clip_box import link_name
from explorer.pages.components.messages import sentence
from explorer.pages.components.opened import opened_updates
from explorer.pages.components.showcase import Showcase
from model_zoo.zoo import Zoo

EXAMPLE, TAB = "example", "tab"  # of a link's parameters: an example to run, and where to look
_NO_SUCH = "This link names an example that is not here; choose one of those that are."
# Once the settings of a link stand: a click on the example that it names.
RUN_EXAMPLE_JS = """() => {
  const name = new URLSearchParams(window.location.search).get('EXAMPLE');
  const button = [...document.querySelectorAll('#clip-examples button')].find(each => each.dataset.name === name);
  button?.click();
  return [];
}""".replace("EXAMPLE", EXAMPLE)


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


def _first(link: Mapping[str, str], showcase: Showcase | None) -> dict[str, Any]:
    """The example that was computed before, for whoever comes without a link's settings."""
    return showcase.updates() if showcase and not link.keys() - {TAB} else {}
