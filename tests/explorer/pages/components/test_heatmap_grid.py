"""A row a variant, a column a face."""

import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.pages.components.heatmap_grid import SHOWN_SIDE, heatmap_grid, legend, picture
from tests.support.fakes import runner
from tests.support.html import Reader, pictures, text
from tests.support.reports import face, judged, report

RUNNERS = {"b0": lambda: runner("b0"), "lite0": lambda: runner("lite0")}


def sure(name: str, p_fake: tuple[float, ...], logit: float):
    """A variant whose evidence is the same all over each face."""
    return judged(name, p_fake, evidence=np.full((len(p_fake), 5, 5), logit, np.float32))


ONE = report([face(0.5), face(1.0)], [sure("b0", (0.9, 0.8), 6), sure("lite0", (0.1, 0.2), -6)])


def test_cells_stand_in_the_order_of_faces_and_variants():
    page = heatmap_grid(ONE, RUNNERS, [0, 1])
    assert re.findall(r'<span class="name">(.*?)</span>', page) == ["", "crop", "b0", "lite0"]
    assert re.findall(r'<span class="time">(.*?)</span>', page) == ["0.50 s", "1.00 s"]
    assert list(pictures(page)) == [
        "face at 0.50 s", "face at 1.00 s", "b0 at 0.50 s", "b0 at 1.00 s", "lite0 at 0.50 s", "lite0 at 1.00 s",
    ]  # fmt: skip
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["", "", "0.90", "0.80", "0.10", "0.20"]


def test_only_the_chosen_faces_are_shown():
    page = heatmap_grid(ONE, RUNNERS, [1])
    assert list(pictures(page)) == ["face at 1.00 s", "b0 at 1.00 s", "lite0 at 1.00 s"]
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["", "0.80", "0.20"]


def test_red_speaks_for_fake_and_blue_for_real_over_the_crop():
    images = pictures(heatmap_grid(ONE, RUNNERS, [0]))
    middle = {name: image[80, 80].astype(int) for name, image in images.items()}
    assert {image.shape for image in images.values()} == {(SHOWN_SIDE, SHOWN_SIDE, 3)}
    assert np.abs(middle["face at 0.50 s"] - 128).max() < 4
    assert middle["b0 at 0.50 s"][0] > middle["b0 at 0.50 s"][2] + 50
    assert middle["lite0 at 0.50 s"][2] > middle["lite0 at 0.50 s"][0] + 50


def test_of_several_people_each_face_is_named():
    several = replace(ONE, faces=(face(0.5, person=1), face(0.5, person=2)))
    page = heatmap_grid(several, RUNNERS, [0, 1])
    assert re.findall(r'<span class="time">(.*?)</span>', page) == ["0.50 s, person 1", "0.50 s, person 2"]


def test_a_variant_without_gradients_shows_the_bare_face_and_says_so():
    page = heatmap_grid(ONE, RUNNERS, [0], "gradcam", "blocks.5")
    assert "b0 (int8 has no gradients)" in text(page)
    images = pictures(page)
    assert np.array_equal(images["b0 at 0.50 s"], images["face at 0.50 s"])


def test_a_variant_without_a_map_says_so_and_offers_other_methods():
    bare = replace(ONE.variants[0], evidence=np.empty((1, 0, 0), np.float32))
    page = heatmap_grid(replace(ONE, variants=(bare,)), RUNNERS, [0])
    assert "b0 (its graph gives none: see gradcam, occlusion)" in text(page)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("evidence", "Class activation map: red speaks for fake, blue for real"),
        ("gradcam", "gradcam of pytorch-grad-cam on torch, layer blocks.5: brighter weighed more"),
    ],
)
def test_the_legend_tells_how_to_read_it(method, words):
    assert text(legend(method, "blocks.5")).startswith(words)
    assert text(heatmap_grid(ONE, RUNNERS, [0], method, "blocks.5")).endswith(text(legend(method, "blocks.5")))


@pytest.mark.parametrize(("of", "faces"), [(ONE, []), (replace(ONE, variants=()), [0])])
def test_nothing_to_show_is_nothing(of, faces):
    assert heatmap_grid(of, RUNNERS, faces) == ""


def test_a_picture_keeps_its_shape_and_its_words():
    page = picture(np.zeros((100, 200, 3), np.uint8), 'a "frame"', "0.50", width=50)
    assert pictures(page)['a "frame"'].shape == (25, 50, 3)
    assert text(page) == "0.50"
    assert Reader(page).open == []
