"""A result that was computed before, in the page as a live one is, but for what needs pictures of faces."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from explorer.exports.report_json import as_json
from explorer.exports.result_file import Result
from explorer.pages.components.browser_storage import RESULT, actions, kept_by_browser
from explorer.pages.components.kept import KeptReport, kept
from explorer.pages.components.messages import sentence
from explorer.pages.components.updates import cleared, facts, judgement
from explorer.plots.palette import completed
from explorer.plots.report import fake_probability
from explorer.structures import Report
from model_zoo.zoo import BUNDLED, Zoo

_NOT_HERE = Path(os.devnull)  # where the release of another zoo would lie
_OTHER_ZOO = "Another zoo judged ({}): what was measured of its detectors is not known here."


def names_of(report: Report) -> list[str]:
    """Of its variants."""
    return [result.name for result in report.variants]


def is_of(result: Result, zoo: Zoo) -> bool:
    """Whether this very zoo judged."""
    return result.revision == zoo.revision


def zoo_of(result: Result, zoo: Zoo) -> Zoo:
    """The zoo that judged, without guests, whom its revision does not tell: this one, or one of which nothing is known
    here, nothing measured, no card to link."""
    return replace(zoo, guests=(), refused=()) if is_of(result, zoo) else Zoo(_NOT_HERE, BUNDLED, result.revision)


def kept_result(result: Result, zoo: Zoo) -> KeptReport:
    """It takes the place of the last run."""
    return replace(kept(result.report), elsewhere=not is_of(result, zoo))


def content_of(result: Result, zoo: Zoo) -> dict[str, Any]:
    """The result as JSON, what was computed of its numbers made anew."""
    named = {"source": result.source, "revision": result.revision, "note": ""}
    return as_json(result.report, zoo_of(result, zoo)) | {"zoo": named}


def opened_updates(result: Result, how: str, mark: str, palette: dict[str, str], zoo: Zoo) -> dict[str, Any]:
    """What changes in the page, slot by slot; `how` it came to be is kept with it, `mark` says it in words."""
    report, judged_by, shades = result.report, zoo_of(result, zoo), completed(palette, names_of(result.report))
    content = content_of(result, zoo)
    changes = cleared() | judgement(report, shades, judged_by, mark) | facts(report, shades, judged_by)
    changes |= {"report": kept_result(result, zoo), "raw": content}
    changes["keeping"] = actions(True, kept_by_browser(RESULT, how, content))
    if report.faces and report.variants:
        changes["curves"] = fake_probability(report, shades)
    if not is_of(result, zoo):
        changes["scope"] = sentence(_OTHER_ZOO.format(f"revision {result.revision[:12]}"))
    return changes
