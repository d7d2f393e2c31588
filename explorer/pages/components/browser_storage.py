"""What a visitor's browser keeps of results: numbers, names and times, no face, until it is told to forget."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from explorer.errors import InvalidRequest
from explorer.exports.result_file import Result, parse_result
from explorer.pages.components.asset import asset

ANALYSED, OPENED = "analysed", "opened"  # how a result came to be: here, or from a file that anybody can write
RESULT, BESIDE = "explorer.result", "explorer.beside"  # keys in the browser's localStorage
MAX_CHARACTERS = 700_000  # of both together: they come back in one request
_NAMES = {"RESULT_KEY": RESULT, "BESIDE_KEY": BESIDE, "MAX_CHARACTERS": MAX_CHARACTERS}
MARKS = {
    ANALYSED: "Your last result, as this browser kept it: the numbers, without the faces.",
    OPENED: "From a file, which anybody can write: shown as it says, not judged here.",
}


def _script(name: str) -> str:
    text = asset(name)
    for word, value in _NAMES.items():
        text = text.replace(word, json.dumps(value))
    return text


STORAGE_JS = _script("browser_storage.js")  # for each component that holds `kept_by_browser`
ACTIONS_JS = STORAGE_JS + asset("print.js")  # for the one that holds `actions`
STORED_JS = _script("stored_results.js")  # gives both texts, empty where there are none


@dataclass(frozen=True)
class Stored:
    """A result that comes back from the browser, and how it came to be."""

    how: str
    result: Result


def kept_by_browser(key: str, how: str, content: Mapping[str, Any]) -> str:
    """HTML, not to be seen, of what the browser is to keep: a report as JSON, which holds no picture."""
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return f'<div hidden data-keep="{key}" data-text="{escape(f"{how} {text}")}"></div>'


def actions(result: bool = False, keep: str = "") -> str:
    """HTML of what can be done with a `result` that is shown, and with what the browser keeps."""
    button = '<button type="button" data-do="{}"{}>{}</button>'
    buttons = button.format("print", "" if result else " hidden", "Print")
    buttons += button.format("save", " hidden", "Save the numbers (JSON)")
    buttons += button.format("forget", " hidden", "Forget")
    return f'<section class="keeping" hidden>{buttons}<p class="small" role="status"></p></section>{keep}'


def forgotten(result: bool = False) -> str:
    """The actions, and what makes the browser forget what it kept: it cannot be read."""
    return actions(result, '<div hidden data-forget=""></div>')


def stored(text: str) -> Stored:
    """What the browser kept. Raises InvalidRequest: pages of other versions wrote it, or somebody did by hand."""
    how, _, content = text.partition(" ")
    if how not in MARKS:
        raise InvalidRequest("What this browser kept is no result of the explorer")
    return Stored(how, parse_result(content))
