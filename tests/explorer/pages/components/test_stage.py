"""The playing clip with what the detectors saw laid over it."""

import json
from base64 import b64decode

import numpy as np
import pytest

from explorer.pages.components import stage as module
from explorer.pages.components.stage import stage, stage_data
from model_zoo.guest import View
from tests.support.html import Reader, text
from tests.support.reports import face, judged, report

TWO = [face(0.0, 1), face(0.0, 2, width=200), face(0.5, 2)]


@pytest.fixture
def two():
    evidence = np.stack([np.full((5, 5), value, np.float32) for value in (0, 100, -100)])
    return report(TWO, [judged("b0", (0.2, 0.9, 0.7), evidence=evidence), judged("<x>", (0.1, 0.5, 0.6))], frames=4)


def test_boxes_and_crops_are_parts_of_the_picture_and_the_suspicious_come_first(two):
    data = stage_data(two)
    assert data["times"] == [0.0, 0.0, 0.5]
    assert data["boxes"][0] == pytest.approx([10 / 640, 10 / 480, 110 / 640, 110 / 480], abs=1e-4)
    x0, y0, x1, y1 = data["squares"][0]
    assert (x1 - x0) * 640 == pytest.approx((y1 - y0) * 480, abs=0.2)  # a square of pixels
    assert data["people"] == [{"person": 2, "faces": [1, 2]}, {"person": 1, "faces": [0]}]
    assert data["reach"] == pytest.approx(0.505)  # two seconds by four frames


def test_evidence_travels_as_bytes(two):
    first = stage_data(two)["variants"][0]
    evidence = np.frombuffer(b64decode(first["evidence"]), np.uint8).reshape(3, *first["shape"])
    assert evidence[:, 0, 0].tolist() == [128, 255, 0]
    assert first["p_fake"] == [0.2, 0.9, 0.7]
    assert len(b64decode(stage_data(two)["palette"])) == 4 * 256


def test_a_guest_is_shown_its_own_cut_and_nothing_of_a_head_without_a_map():
    view = View(margin=1.5, side=200, resized=250)
    guest = judged("guest", (0.5,), view=view, evidence=np.zeros((1, 0, 0), np.float32))
    (own,) = stage_data(report([face()], [guest]))["variants"]
    assert own["evidence"] == "" and own["shape"] == [0, 0]
    left, *_, bottom = own["squares"][0]  # the box is 100 wide about (60, 60): 150, of which four fifths are seen
    assert (left, bottom) == pytest.approx((0, 120 / 480), abs=1e-3)


def test_of_a_long_run_some_moments_are_sent(monkeypatch):
    monkeypatch.setattr(module, "MAX_TIMES", 3)
    long = report([face(i / 2) for i in range(5)], [judged("b0", (0.1,) * 5)], frames=5)
    assert stage_data(long)["times"] == [0.0, 1.0, 2.0]
    assert stage_data(long)["reach"] == pytest.approx(1.01 * 2 / 3)


def test_the_clip_with_what_can_be_over_it_and_a_panel_for_each_variant(two):
    page = stage(two, "/tmp/a b.mp4", {"b0": "#0072B2", "<x>": "#D55E00"})
    reader = Reader(page)
    assert reader.attributes("video")[0]["src"] == "gradio_api/file=/tmp/a%20b.mp4"
    assert [radio["value"] for radio in reader.attributes("input") if radio["type"] == "radio"] == [
        "original", "boxes", "heat",
    ]  # fmt: skip
    assert "original beside it" in text(page) and "<x>" in text(page)
    assert [each.get("data-variant") for each in reader.attributes("canvas")] == [None, None, "0", "1"]
    section = reader.attributes("section")[0]
    assert json.loads(section["data-stage"]) == stage_data(two)


def test_nothing_to_show_is_no_stage(two):
    assert stage(report(), "a.mp4", {}) == ""
    assert stage(report(TWO), "a.mp4", {}) == ""
