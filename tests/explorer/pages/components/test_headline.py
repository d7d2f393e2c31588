"""The box over everything."""

from explorer.exports.conclusion import CAUTION, Conclusion
from explorer.pages.components.headline import headline
from tests.support.html import Reader, text

SURE = Conclusion(
    "fake", "4 of 5 detectors say fake, from 1.5 s to the end.", ("One is unsure.",), 3, "moderate evidence"
)


def test_the_sentence_comes_first_then_evidence_then_the_caution_then_what_to_do():
    assert text(headline(SURE, "a.mp4")) == (
        "a.mp4 4 of 5 detectors say fake , from 1.5 s to the end. One is unsure. moderate evidence "
        f"{CAUTION} What to do next {' '.join(SURE.next_steps)}"
    )


def test_three_of_four_steps_are_lit():
    assert [step["class"] for step in Reader(headline(SURE, "a.mp4")).attributes("i")] == ["on", "on", "on", ""]


def test_the_tint_follows_the_verdict_and_a_result_of_before_is_marked():
    unsure = Conclusion("uncertain", "The one detector is unsure.", hard=("the faces are dark",))
    page = headline(unsure, "a.mp4", "An example, computed before")
    (box,) = Reader(page).attributes("section")
    assert box["class"] == "hero unsure"
    assert text(page).startswith(
        "An example, computed before a.mp4 The one detector is unsure . Hard to judge: the faces"
    )
    (box,) = Reader(headline(Conclusion("split", "They contradict each other."), "a.mp4")).attributes("section")
    assert box["class"] == "hero none"


def test_a_clips_name_is_no_markup():
    assert not Reader(headline(SURE, "<img src=x>.mp4")).tags & {"img"}
