"""What stands there when somebody arrives."""

import json
from types import SimpleNamespace

from explorer.exports.report_json import as_json
from explorer.pages.components.arrival import arrival, awaits
from explorer.pages.components.browser_storage import MARKS
from explorer.plots.palette import colours
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import text
from tests.support.reports import a_run

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)
KEPT = json.dumps(as_json(a_run(), ZOO))
SHOWCASE = SimpleNamespace(updates=lambda: {"headline": "computed before", "keeping": ""})


def arrive(link=(), result: str = "", beside: str = "") -> dict:
    return arrival(dict(link), (result, beside), ["Two people"], SHOWCASE, colours(["b0", "lite0", "lite0_kd"]), ZOO)


def test_a_first_visit_shows_an_example_and_so_does_a_link_to_a_tab():
    assert arrive() == arrive({"tab": "zoo"}) == SHOWCASE.updates()
    assert arrive({"frames": "8"}) == {}


def test_what_the_browser_kept_comes_first_and_says_what_it_is():
    assert MARKS["analysed"] in text(arrive(result=f"analysed {KEPT}")["headline"])
    assert MARKS["opened"] in text(arrive({"frames": "8"}, result=f"opened {KEPT}")["headline"])


def test_so_does_the_clip_that_stood_beside_it():
    changes = arrive(result=f"analysed {KEPT}", beside=f"opened {KEPT}")
    assert changes["other"].mark == MARKS["opened"] and changes["fold"].open
    assert MARKS["opened"] in text(changes["pair"]) and changes["second"].visible


def test_what_cannot_be_read_is_forgotten():
    for kept in ({"result": "analysed {"}, {"result": f"analysed {KEPT}", "beside": "x"}):
        changes = arrive(**kept)
        assert "data-forget" in changes["keeping"] and changes["headline"] == "computed before"


def test_an_example_that_a_link_names_is_run_and_nothing_else_shown():
    assert arrive({"example": "two-people"}, result=f"analysed {KEPT}") == {}
    assert text(arrive({"example": "<b>"})["status"]).startswith("This link names an example that is not here")


def test_an_example_is_awaited_where_it_would_be_shown():
    assert awaits({"tab": "zoo"}, SimpleNamespace(awaited=True))
    assert not awaits({"frames": "8"}, SimpleNamespace(awaited=True))
    assert not awaits({}, SimpleNamespace(awaited=False)) and not awaits({}, None)
