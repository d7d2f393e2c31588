"""What a variant saw in a report's faces."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import UnknownOption
from explorer.heatmaps.overlay import evidence_overlay
from explorer.heatmaps.variant_maps import overlays
from tests.support.fakes import runner
from tests.support.reports import face, judged, report

B0 = judged("b0", (0.1, 0.9), evidence=np.stack([np.full((5, 5), logit, np.float32) for logit in (-3, 3)]))
REPORT = report([face(0.0, level=40), face(0.5, level=200)], [B0])
RUNNERS = {"b0": lambda: runner("b0")}  # it has no gradients


def test_evidence_lies_over_the_faces_that_are_asked_for():
    (picture,) = overlays(REPORT, B0, [1], {}, "evidence", "pooled")
    assert np.array_equal(picture, evidence_overlay(REPORT.faces[1].crop, B0.evidence[1]))


def test_it_lies_over_other_crops_of_them_if_these_are_given():
    small = np.full((32, 32, 3), 99, np.uint8)
    (picture,) = overlays(REPORT, B0, [0], {}, "evidence", "pooled", [small])
    assert np.array_equal(picture, evidence_overlay(small, B0.evidence[0]))


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
