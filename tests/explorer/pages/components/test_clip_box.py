"""Where a clip is chosen."""

from types import SimpleNamespace

import gradio as gr
import pytest

from explorer.pages.components.clip_box import address, build_clip_box, link_name, poster, shown
from explorer.video.examples import EXAMPLES
from tests.support.clips import grey_ramp
from tests.support.corpus.stills import photo
from tests.support.html import Reader, pictures, text

FIRST = next(iter(EXAMPLES))


def test_a_player_of_a_file_that_is_served():
    (video,) = Reader(shown("/up/a b#1.mp4")).attributes("video")
    assert video["src"] == "gradio_api/file=/up/a%20b%231.mp4" == address("/up/a b#1.mp4")
    assert (video["aria-label"], video["preload"]) == ("a b#1.mp4", "metadata")
    assert shown(None) == ""


def test_a_photo_is_shown_as_one(tmp_path):
    (tmp_path / "a.png").write_bytes(photo("PNG"))
    page = Reader(shown(str(tmp_path / "a.png")))
    assert page.tags == {"img"}
    assert page.attributes("img")[0]["alt"] == "a.png"
    words = text(poster(str(tmp_path / "a.png")))
    assert words == "This browser cannot show a.png; the server can. Shown is the picture made smaller: press Analyse."


def test_a_files_name_is_no_markup():
    assert Reader(shown('/up/"><img src=x>.mp4')).tags == {"video"}


def test_a_clip_that_cannot_be_played_is_shown_by_its_first_frame(tmp_path):
    page = poster(str(grey_ramp(tmp_path / "a.mp4", [i / 25 for i in range(5)], size=(64, 96))))
    assert pictures(page)["first frame of a.mp4"].shape == (64, 96, 3)
    assert text(page) == "This browser cannot play a.mp4; the server can. Shown is its first frame: press Analyse."


def test_what_nobody_can_read_is_a_sentence(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no clip")
    assert "a.mp4" in text(poster(str(tmp_path / "a.mp4")))
    assert not Reader(poster(str(tmp_path / "a.mp4"))).tags & {"img"}
    assert poster(None) == ""


@pytest.fixture
def box(tmp_path):
    (tmp_path / "late.mp4").write_bytes(b"clip")
    with gr.Blocks():
        return build_clip_box({FIRST: tmp_path / "late.mp4"})


def test_an_example_has_a_picture_its_truth_and_a_glance_and_all_of_it_where_the_result_stands(box):
    known, (mark,) = EXAMPLES[FIRST], box.marks.values()
    assert f"{FIRST} {known.truth} {known.glance}" in text(box.examples.value)
    assert known.about not in text(box.examples.value)
    assert mark == f"An example: {FIRST} ({known.truth}: {known.about})"
    assert box.chosen(SimpleNamespace(index="0"))[0] in box.marks
    assert [button["data-index"] for button in Reader(box.examples.value).attributes("button")] == ["0"]
    assert len(pictures(box.examples.value)) == 1


@pytest.mark.parametrize(("index", "name"), [("0", "late.mp4"), ("7", None), ("-1", None)])
def test_a_click_chooses_an_example_and_nothing_else(box, index, name):
    path, player = box.chosen(SimpleNamespace(index=index))
    assert (path is not None and path.endswith("late.mp4")) == (name is not None)
    assert bool(player) == (name is not None)


def test_an_example_can_be_named_in_a_link_and_is_told_from_a_clip_of_its_name(box):
    (button,) = Reader(box.examples.value).attributes("button")
    assert button["data-name"] == link_name(FIRST) == "forged-from-1-5-s"
    assert button["data-clip"] == box.chosen(SimpleNamespace(index="0"))[0]
    assert [link_name(title) for title in ("Sent on, turned", "<b>")] == ["sent-on-turned", "b"]


def test_the_copies_of_examples_are_kept(box):
    (kept,) = box.examples.keep_in_cache
    assert kept.endswith("late.mp4")
