import gradio as gr
import numpy as np

from explorer.finder_race import FinderRace, FinderRow
from explorer.pages.finders import carry, outcome
from explorer.structures import ClipInfo
from tests.support.html import text


def test_the_outcome_in_a_sentence():
    def row(finder, batched, side, ms, found, missed):
        return FinderRow(finder, batched, side, 1000 / ms, ms, found, missed, 0.8)

    rows = (
        row("mtcnn", True, 1280, 90, 9, 0), row("haar", False, 1280, 80, 8, 1),
        row("mtcnn", True, 640, 40.4, 9, 0), row("haar", False, 640, 20.6, 7, 2),
    )  # fmt: skip
    clip = ClipInfo("made.mp4", 1.0, 1280, 720, 25.0, 0.0, np.zeros(1), np.zeros(1))
    assert outcome(FinderRace(clip, rows, 640, (None,) * 8, {})) == (
        "At 640 px a frame takes Haar 21 ms and MTCNN 40 ms. Haar misses 2 of the 9 faces that MTCNN finds at 1280 px, "
        "in 8 frames."
    )


def test_the_clip_of_another_tab_is_taken_up_unless_one_was_chosen_here():
    skip = [gr.skip()] * 4
    clip, player, status, carried = carry("/up/a.mp4", None, None)
    assert (clip, carried) == ("/up/a.mp4", "/up/a.mp4") and "/up/a.mp4" in player
    assert text(status) == "a.mp4, chosen under Compare, is ready: press Race."
    assert carry("/up/b.mp4", "/up/a.mp4", "/up/a.mp4")[0] == "/up/b.mp4"  # it was carried, too
    assert carry("/up/b.mp4", "/up/own.mp4", "/up/a.mp4") == skip
    assert carry(None, "/up/a.mp4", "/up/a.mp4") == skip
    assert carry("/up/a.mp4", "/up/a.mp4", "/up/a.mp4") == skip
