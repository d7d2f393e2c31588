"""A result that was computed before, in the page."""

import json
from dataclasses import replace

from explorer.exports.report_json import as_json
from explorer.exports.result_file import parse_result
from explorer.pages.components.browser_storage import MARKS, OPENED
from explorer.pages.components.opened import kept_result, opened_updates
from explorer.pages.components.updates import cleared, judgement
from explorer.plots.palette import colours
from explorer.structures import VariantError
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, text
from tests.support.reports import a_run

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)
PALETTE = colours(["b0", "lite0", "lite0_kd"])
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def result(report=None, zoo: Zoo = ZOO, **changes):
    return parse_result(json.dumps(as_json(report or a_run(), zoo) | changes))


def updates(of) -> dict:
    return opened_updates(of, OPENED, MARKS[OPENED], PALETTE, ZOO)


def html(changes: dict) -> dict[str, str]:
    return {slot: value for slot, value in changes.items() if isinstance(value, str) and value}


def test_it_reads_as_the_live_one_did_and_says_where_it_comes_from():
    live, opened = judgement(a_run(), PALETTE, ZOO), updates(result())
    assert opened["verdicts"] == live["verdicts"] and opened["status"] == live["status"]
    assert text(opened["headline"]) == f"{MARKS[OPENED]} {text(live['headline'])}"
    assert opened["evidence"].visible and not opened["pictures"].visible and not opened["download"].visible
    assert len(opened["curves"].data) == 4  # two variants in the lanes of two people
    assert "person 1" in text(opened["people"]) and not Reader(opened["people"]).attributes("img")
    assert opened["raw"] == as_json(a_run(), ZOO)


def test_slots_that_a_result_without_faces_cannot_fill_are_emptied():
    opened = updates(result())
    assert {slot for slot in cleared() if opened[slot] in (None, "")} == {
        "heat", "strip", "stage", "moment", "looked", "settings", "annotated", "mosaic", "drawn", "stale",
    }  # fmt: skip


def test_nothing_of_a_file_becomes_markup():
    first = a_run()
    hostile = replace(first, clip=replace(first.clip, name=MARKUP), cpu=replace(first.cpu, model=MARKUP))
    hostile = replace(hostile, not_judged=MARKUP, errors=(VariantError(None, MARKUP), VariantError("b0x", MARKUP)))
    credentials = {"state": "broken", "issuer": MARKUP, "tool": MARKUP, "ai": [MARKUP], "problems": [MARKUP]}
    content = as_json(hostile, Zoo(RELEASE, MARKUP, "1" * 64))
    content["clip"] |= {"credentials": credentials, "container": {"format": MARKUP, "codec": MARKUP}}
    pages = html(updates(parse_result(json.dumps(content))))
    assert {"headline", "status", "origin", "verdicts", "people", "keeping", "scope"} <= pages.keys()
    for slot, page in pages.items():
        assert not Reader(page).tags & {"script", "img", "iframe", "a"}, slot
        assert not any(name.startswith("on") for _, found in Reader(page).elements for name in found), slot
    assert MARKUP[:20] in text(pages["headline"])


def test_of_another_zoo_nothing_is_said_to_be_measured_and_no_card_is_linked():
    opened = updates(result(zoo=Zoo(RELEASE, "user/zoo", "1" * 40)))
    assert "of test faces that looked like this" not in text(opened["headline"])
    assert text(opened["scope"]).startswith("Another zoo judged (revision 111111111111)")
    assert not Reader(opened["verdicts"]).attributes("a") and "revision 1111111" in text(opened["verdicts"])
    assert opened["raw"]["zoo"] == {"source": "user/zoo", "revision": "1" * 40, "note": ""}
    assert kept_result(result(zoo=Zoo(RELEASE, "user/zoo", "1" * 40)), ZOO).elsewhere
    assert not kept_result(result(), ZOO).elsewhere


def test_a_variant_that_this_zoo_does_not_have_is_shown_by_its_own_name():
    first = a_run()
    strange = replace(first, variants=tuple(replace(each, name=f"new_{each.name}") for each in first.variants))
    assert "new_b0" in text(updates(result(strange))["verdicts"])
