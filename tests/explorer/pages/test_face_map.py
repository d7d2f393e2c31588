"""What the Face map tab says."""

from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest

from explorer.errors import InvalidRequest
from explorer.face_map.mapping import map_faces
from explorer.pages import face_map
from explorer.pages.components.kept import kept
from explorer.structures import Progress
from tests.support.html import text


def test_int8_variants_are_not_offered():
    assert face_map._gives_features("lite0_kd_p35")
    assert not face_map._gives_features("lite0_kd_p35_int8")
    assert not face_map._gives_features("from_a_later_version")


def test_the_clip_of_compare_is_named_before_its_map_is_drawn(face_report):
    run = kept(face_report)
    assert text(face_map._ready(run, None, None)) == (
        "Ready: 12 faces of made.mp4, analysed under Compare. Draw the map."
    )
    assert text(face_map._ready(None, "/up/a.mp4", None)).startswith("a.mp4, chosen under Compare, is ready")
    assert face_map._ready(None, None, None) == gr.skip()
    assert face_map._ready(run, None, SimpleNamespace(clip="made.mp4")) == gr.skip()  # it is drawn already


def test_a_clip_that_was_not_analysed_is_looked_through_once(monkeypatch, face_report):
    asked = []

    def analyse(clip, runners, finder, *, examine):
        asked.append((clip.name, runners))
        yield Progress("finding faces", 4, 12)
        yield face_report

    monkeypatch.setattr(face_map, "analyse", analyse)
    monkeypatch.setattr(face_map, "map_faces", lambda *_: (_ for _ in ()).throw(InvalidRequest("enough seen")))
    progress, found, _, last = face_map._updates(None, None, "/up/a.mp4", None, "b0", True, "cluster")
    assert asked == [("a.mp4", {})] and "finding faces: 4 of 12" in text(progress["status"])
    assert text(last["status"]) == "enough seen."
    list(face_map._updates(None, None, "/up/a.mp4", found["found"], "b0", True, "cluster"))
    assert len(asked) == 1


def test_without_faces_there_is_a_sentence(face_report):
    (last,) = face_map._updates(None, None, None, None, "b0", True, "cluster")
    assert text(last["status"]) == "There is no clip to map yet; choose one under Compare first."
    opened = replace(kept(face_report), crops=())
    (last,) = face_map._updates(None, opened, None, None, "b0", True, "cluster")
    assert text(last["status"]).startswith("The result of made.mp4 was kept without its faces")


@pytest.mark.heavy
def test_the_page_says_why_references_are_missing(face_report, small_release):
    mapped = map_faces(face_report, "lite0_kd_p40", small_release)
    assert "The references are left out: they are features of lite0_kd, and every" in face_map._described(mapped, True)
    assert "left out" not in face_map._described(mapped, False)
