"""What a variant saw in a report's faces."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import UnknownOption
from explorer.heatmaps.overlay import evidence_overlay
from explorer.heatmaps.variant_maps import overlays, why_no_gradients
from explorer.structures import Spread
from model_zoo.architectures import ARCHITECTURES
from model_zoo.guest import View
from tests.support.fakes import runner
from tests.support.reports import face, judged, report

B0 = judged("b0", (0.1, 0.9), evidence=np.stack([np.full((5, 5), logit, np.float32) for logit in (-3, 3)]))
REPORT = report([face(0.0, level=40), face(0.5, level=200)], [B0])
RUNNERS = {"b0": lambda: runner("b0")}  # it has no gradients


def test_evidence_lies_over_the_faces_that_are_asked_for():
    (picture,) = overlays(REPORT, B0, [1], {}, "evidence", "pooled")
    assert np.array_equal(picture, evidence_overlay(REPORT.faces[1].crop, B0.evidence[1]))


def test_it_lies_over_them_at_another_size_if_that_is_given():
    (picture,) = overlays(REPORT, B0, [0], {}, "evidence", "pooled", 32)
    assert np.array_equal(picture, evidence_overlay(np.full((32, 32, 3), 40, np.uint8), B0.evidence[0]))


def test_a_guests_lies_over_what_it_saw_and_without_evidence_that_is_bare():
    view = View(1.3, 32, 32)
    seen = replace(face(), views={view: np.full((32, 32, 3), 7, np.uint8)})
    guest = judged("guest", view=view, evidence=np.ones((1, 4, 4), np.float32))
    (picture,) = overlays(report([seen], [guest]), guest, [0], {}, "evidence", "pooled")
    assert np.array_equal(picture, evidence_overlay(seen.views[view], guest.evidence[0]))
    blind = replace(guest, evidence=np.empty((1, 0, 0), np.float32))
    (picture,) = overlays(report([seen], [blind]), blind, [0], {}, "evidence", "pooled")
    assert np.array_equal(picture, seen.views[view])


def test_occlusion_is_of_any_detector_that_is_quick_enough():
    for ms, marked in (1.0, True), (1000.0, False):
        result = replace(B0, ms_per_face=Spread(ms, 0.0))
        patched = replace(face(), crop=np.repeat(np.arange(224, dtype=np.uint8)[:, None, None], 224, 1).repeat(3, 2))
        (picture,) = overlays(report([patched], [result]), result, [0], RUNNERS, "occlusion", "pooled")
        assert np.array_equal(picture, patched.crop) is not marked


def test_without_gradients_the_bare_crops_are_shown():
    first, second = overlays(REPORT, B0, [0, 1], RUNNERS, "gradcam", "pooled")
    assert (np.unique(first).tolist(), np.unique(second).tolist()) == ([40], [200])


@pytest.mark.heavy
def test_with_gradients_a_map_lies_over_each_face(tiny_detector):
    with_torch = {"b0": lambda: replace(runner("b0"), detector=lambda: tiny_detector)}
    pictures = overlays(REPORT, B0, [0, 1], with_torch, "gradcam", "pooled")
    assert [picture.shape for picture in pictures] == [(224, 224, 3)] * 2
    with pytest.raises(UnknownOption, match="no heatmap method named 'xray'"):
        overlays(REPORT, B0, [0], with_torch, "xray", "pooled")


def test_a_layer_that_its_network_lacks_is_named(tiny_detector):
    tiny_detector.kind = ARCHITECTURES["meso4"]
    with_torch = replace(runner("b0"), detector=lambda: tiny_detector)
    assert why_no_gradients(B0, with_torch, "blocks.5") == "it has no layer blocks.5, but pooled, blocks.3, blocks.2"
    assert why_no_gradients(B0, with_torch, "pooled") == ""
    with pytest.raises(UnknownOption, match="no layer named 'top'"):
        why_no_gradients(B0, with_torch, "top")


@pytest.mark.heavy
def test_the_map_of_a_variant_with_a_view_of_its_own_lies_over_what_it_saw(tiny_detector):
    view = View(1.02, 256, 256)
    wide = replace(REPORT.faces[0], views={view: np.full((256, 256, 3), 7, np.uint8)})
    with_torch = {"b0": lambda: replace(runner("b0"), detector=lambda: tiny_detector, view=view)}
    of = replace(REPORT, faces=(wide, REPORT.faces[1]))
    (picture,) = overlays(of, replace(B0, view=view), [0], with_torch, "eigencam", "pooled", 32)
    assert picture.shape == (32, 32, 3)
    assert picture.min() < 100
