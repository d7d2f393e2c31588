from dataclasses import replace

from explorer.origin import BROKEN, NONE, UNCHECKED, Container, Credentials, Origin
from explorer.pages.components.origin_panel import origin_panel
from tests.support.html import text
from tests.support.reports import report


def panel(credentials: Credentials) -> str:
    return origin_panel(replace(report(), origin=Origin(credentials, Container("isom", "h264"))))


def test_nothing_before_a_run_and_a_sentence_where_it_could_not_be_read():
    assert origin_panel(None) == ""
    assert "could not be read" in text(origin_panel(report()))


def test_the_state_is_a_word_with_its_meaning():
    assert "none Content credentials: none. That proves nothing" in text(panel(Credentials(NONE)))
    assert "broken" in text(panel(Credentials(BROKEN, problems=("assertion.bmffHash.mismatch",))))
    said = text(panel(Credentials(UNCHECKED, ai=("trainedAlgorithmicMedia",))))
    assert "It says that AI made or changed it." in said


def test_a_signers_words_are_text():
    page = panel(Credentials(UNCHECKED, issuer="<img src=x onerror=alert(1)>"))
    assert "<img" not in page
    assert "&lt;img" in page
