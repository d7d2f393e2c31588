"""What a browser is given to keep, and what it brings back."""

import json

import pytest

from explorer.errors import InvalidRequest
from explorer.exports.report_json import as_json
from explorer.pages.components.browser_storage import (
    ANALYSED,
    OPENED,
    RESULT,
    STORAGE_JS,
    STORED_JS,
    actions,
    forgotten,
    kept_by_browser,
    stored,
)
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, text
from tests.support.reports import a_run

CONTENT = as_json(a_run(), Zoo(RELEASE, BUNDLED, "0" * 64))


def test_what_is_kept_comes_back_and_says_how_it_came_to_be():
    for how in (ANALYSED, OPENED):
        (bearer,) = Reader(kept_by_browser(RESULT, how, CONTENT)).attributes("div")
        assert bearer["data-keep"] == "explorer.result" and "hidden" in bearer
        back = stored(bearer["data-text"])
        assert back.how == how and back.result.report.clip.name == "a.mp4"


def test_no_face_is_kept():
    """Numbers, names and times: no picture in whatever form, and nothing that is as long as one."""
    kept = json.dumps(CONTENT)
    assert "data:" not in kept and "base64" not in kept
    assert not [word for word in kept.replace('"', " ").split() if len(word) > 64]
    assert len(kept) < 1000 + 400 * len(CONTENT["variants"]) * len(CONTENT["variants"][0]["frames"])


@pytest.mark.parametrize("text", ["", "analysed", "analysed {}", "other {}", "<b> {}", 'analysed {"a": ' * 9])
def test_what_is_none_of_ours_is_refused(text):
    with pytest.raises(InvalidRequest):
        stored(text)


def test_a_name_is_no_markup():
    content = CONTENT | {"clip": CONTENT["clip"] | {"name": "\"><img src=x onerror='alert(1)'>"}}
    page = actions(True, kept_by_browser(RESULT, ANALYSED, content))
    assert "img" not in Reader(page).tags
    assert stored(Reader(page).attributes("div")[0]["data-text"]).result.report.clip.name.startswith('"><img')


def test_what_can_be_done_has_a_button():
    assert text(actions()) == "Print Save the numbers (JSON) Forget"
    assert [("hidden" in button) for button in Reader(actions(True)).attributes("button")] == [False, True, True]
    assert "data-forget" in Reader(forgotten()).attributes("div")[0]


def test_scripts_name_the_keys():
    assert '["explorer.result", "explorer.beside"].map' in STORED_JS
    assert "RESULT_KEY" not in STORAGE_JS and "innerHTML" not in STORAGE_JS
