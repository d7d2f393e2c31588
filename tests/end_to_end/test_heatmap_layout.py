"""The grid of heatmaps as Chromium lays it out."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.pages.components.heatmap_grid import heatmap_grid
from explorer.pages.components.theme import CSS
from tests.support.browser import opened
from tests.support.fakes import runner
from tests.support.reports import face, judged, report


@pytest.mark.parametrize("width", [390, 1400])
def test_faces_are_beside_the_longest_note(browser, width):
    bare = replace(judged("mesoinception_df", (0.9, 0.8)), evidence=np.empty((2, 0, 0), np.float32))
    shown = report([face(0.5), face(1.0)], [bare])
    grid = heatmap_grid(shown, {"mesoinception_df": lambda: runner("mesoinception_df")}, [0, 1])
    with opened(browser, "about:blank", width) as page:
        page.set_content(f"<style>{CSS}</style>{grid}")
        name, picture = page.locator(".heat .name").last.bounding_box(), page.locator(".heat img").last.bounding_box()
        assert name["width"] <= 150
        assert picture["x"] >= name["x"] + name["width"]
        assert picture["x"] + picture["width"] <= width
