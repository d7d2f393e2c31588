"""One sentence at a time: progress, what was looked at, what went wrong."""

from dataclasses import replace

import pytest

from explorer.errors import UnknownOption
from explorer.pages.components import messages
from explorer.pages.components.messages import html_or_sentence, sentence, summary
from explorer.structures import VariantError
from tests.support.html import Reader, text
from tests.support.reports import face, judged, report


@pytest.mark.parametrize(("kind", "role"), [("", None), ("error", "alert")])
def test_a_sentence_is_announced_at_once_where_it_is_an_error(kind, role):
    (paragraph,) = Reader(sentence("Stopped.", kind)).attributes("p")
    assert (paragraph.get("role"), kind in paragraph["class"]) == (role, True)


def test_the_summary_says_what_was_looked_at():
    one = report([face(0.1), face(0.5)], [judged("b0", (0.2, 0.4))], frames=4)
    assert text(summary(one)) == (
        "2 of 4 sampled frames of a.mp4 show a face "
        "(640x480, 2.0 s, 25.00 frames a second; measured on a processor, 2 threads)."
    )


def test_several_people_are_counted():
    several = report([face(0.1, person=1), face(0.1, person=2), face(0.5, person=1)])
    assert "2 of 4 sampled frames of a.mp4 show a face, 2 people (640x480" in text(summary(several))


def test_what_was_not_judged_or_not_seen_is_said_beside_what_was():
    doubtful = replace(report([face(0.1)]), not_judged="something like a face at 3.2 s was not judged")
    assert text(summary(doubtful)).endswith("2 threads). Something like a face at 3.2 s was not judged.")
    crowded = replace(doubtful, errors=(VariantError(None, "34 people are in the clip"),))
    assert text(summary(crowded)).endswith("was not judged. 34 people are in the clip.")
    assert Reader(summary(crowded)).attributes("p")[0]["role"] == "alert"
    named = replace(doubtful, errors=(VariantError(None, "cnn3d_face judged 1 of 2 slices"),))
    assert text(summary(named)).endswith("was not judged. cnn3d_face judged 1 of 2 slices.")  # a name is no word


def test_what_is_wrong_with_the_clip_takes_the_summarys_place():
    errors = [VariantError("b0", "model.onnx is altered"), VariantError(None, "no face in 4 sampled frames of a.mp4")]
    page = summary(report(errors=errors))
    assert text(page) == "no face in 4 sampled frames of a.mp4"
    assert Reader(page).attributes("p")[0]["role"] == "alert"


def test_what_cannot_be_shown_says_why():
    def make():
        raise UnknownOption("no layer named 'blocks.99'")

    assert html_or_sentence(lambda: "<b>a map</b>") == "<b>a map</b>"
    assert text(html_or_sentence(make)) == "no layer named 'blocks.99'."


def test_a_start_and_what_is_computed_are_said_where_the_result_will_be():
    assert Reader(messages.starting()).attributes("progress") == [{"aria-label": "the whole job"}]
    assert "waits in line" in text(messages.starting())
    assert text(messages.computing("computing <b> ...")) == "computing <b> ..."
