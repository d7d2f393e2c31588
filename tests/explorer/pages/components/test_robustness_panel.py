from pathlib import Path

from gradio.utils import deep_hash

from explorer.pages.components.kept import kept
from explorer.pages.components.robustness_panel import _of_another_run, firmness_bars, in_words, updates
from explorer.robustness import AS_UPLOADED, Firmness, Judged, Robustness
from explorer.structures import VariantError
from model_zoo.zoo import Zoo
from tests.support.html import text
from tests.support.reports import face, judged, report

SOFT = Firmness("b0", 0.5, (0.4, 0.6), {AS_UPLOADED: Judged(0.8, "fake"), "jpeg50": Judged(0.5, "uncertain")})
FIRM = Firmness("lite0", 0.5, (0.4, 0.6), {AS_UPLOADED: Judged(0.1, "real"), "jpeg50": Judged(0.12, "real")})
OUTCOME = Robustness("a.mp4", 1, 11, 1280, 720, 12, (SOFT, FIRM), (VariantError("<b>", "why"),))


def test_a_bar_per_version_with_its_word():
    page = firmness_bars(OUTCOME)
    said = text(page)
    assert "does not hold : changed by JPEG, quality 50" in said
    assert "holds as uploaded 0.10 ▼ real JPEG, quality 50 0.12 ▼ real" in said
    assert page.count('class="bar"') == 4
    assert "width:80.0%" in page
    assert "&lt;b&gt;: why." in page


def test_what_was_judged_is_said():
    words = in_words(OUTCOME)
    assert words == "1 of 2 verdicts hold (12 faces of one person, 1.0 to 11.0 s, at 1280x720)."


def test_gradio_can_tell_one_run_from_another():
    """A state with a change listener is hashed at each step of a run, whatever lies in it."""
    one, other = (kept(report([], [judged("b0", ())])) for _ in range(2))
    assert deep_hash(one) == deep_hash(one) != deep_hash(other)


def test_the_button_follows_the_last_run():
    for last, ready in ((None, False), (kept(report()), False), (kept(report([face()], [judged("b0")])), True)):
        run, stop, *results = _of_another_run(last)
        assert (run.interactive, stop.interactive, results) == (ready, False, ["", ""])


def test_before_a_run_there_is_a_sentence():
    [change] = updates(None, None, Zoo(Path("somewhere"), "user/zoo", "abc", ""))
    assert "Analyse a clip first." in change["status"]
