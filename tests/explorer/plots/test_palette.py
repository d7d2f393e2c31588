from itertools import combinations

import numpy as np
import pytest

from explorer.plots.palette import GROUP_COLOURS, Look, category_colours, colours, completed, group_mark, looks
from model_zoo.variants import VARIANTS

PAGES = {"light": "#FFFFFF", "dark": "#0A0F1E", "a block on dark": "#1E293B"}
VERDICTS = (
    "#D55E00",
    "#B83A0C",
    "#009E73",
    "#1A7F4B",
    "#8A6D00",
    "#0072B2",
    "#B91C1C",
    "#B93C0B",
    "#FFB08A",
    "#0B6B57",
    "#7FDCC4",
    "#7A5B00",
    "#F0D27A",
)
EYES = {  # Machado, Oliveira & Fernandes, 2009, severity 1: linear RGB as such eyes see it
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG's, from 1 to 21."""
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB, D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratios = to_xyz @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: str, other: str, eyes: str) -> float:
    """CIEDE2000 between two colours as these eyes see them: 1 is just visible side by side."""
    (l1, a1, b1), (l2, a2, b2) = (lab(np.array(EYES[eyes]) @ linear(colour)) for colour in (one, other))
    seventh = ((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(seventh / (seventh + 25.0**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    hue = (h1 + turn / 2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = 1 - 0.17 * cosine(hue - 30) + 0.24 * cosine(2 * hue) + 0.32 * cosine(3 * hue + 6) - 0.2 * cosine(4 * hue - 63)
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2))
    colourfulness = (c2 - c1) / (1 + 0.045 * chroma)
    hues = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2) / (1 + 0.015 * chroma * t)
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    rotation *= np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return float(np.sqrt(lightness**2 + colourfulness**2 + hues**2 + rotation * colourfulness * hues))


def cosine(degrees: float) -> float:
    return float(np.cos(np.radians(degrees)))


def test_the_measure_goes_from_none_to_a_hundred():
    assert difference("#FF0000", "#FF0000", "normal") == 0
    assert difference("#000000", "#FFFFFF", "normal") == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("page", PAGES)
def test_every_colour_is_seen_on_either_theme(page):
    assert min(contrast(colour, PAGES[page]) for colour in GROUP_COLOURS) >= 3


@pytest.mark.parametrize("eyes", EYES)
def test_no_two_groups_look_alike_to_anybody(eyes):
    assert min(difference(*pair, eyes) for pair in combinations(GROUP_COLOURS, 2)) > 14


def test_no_group_has_a_verdicts_colour():
    assert min(difference(colour, verdict, "normal") for colour in GROUP_COLOURS for verdict in VERDICTS) > 14


def test_every_variant_has_a_look_of_its_own_in_its_groups_colour():
    of_all = looks(VARIANTS)
    assert len(set(of_all.values())) == len(VARIANTS)
    by_group = {VARIANTS[name].group: look.colour for name, look in of_all.items()}
    assert all(look.colour == by_group[VARIANTS[name].group] for name, look in of_all.items())
    assert len(set(by_group.values())) == len(by_group)


def test_a_look_does_not_depend_on_what_else_is_shown():
    assert looks(["lite0_kd"]) == {"lite0_kd": looks(VARIANTS)["lite0_kd"]}


def test_names_of_no_variant_take_colours_in_their_order():
    assert looks(["x", "y"]) == {
        "x": Look("#6E783C", "longdashdot", "triangle-down"),
        "y": Look("#AA8C82", "longdashdot", "triangle-down"),
    }
    assert colours(range(7))["6"] == colours(["x"])["x"]


def test_no_guest_is_drawn_as_a_variant_is():
    drawn = looks([*VARIANTS, *map(str, range(16))])
    assert len(set(drawn.values())) == len(VARIANTS) + 16
    assert group_mark("guest") not in {group_mark(name) for name in VARIANTS}


def test_names_that_have_no_colour_yet_take_one():
    known = {"b0": "#000000"}
    assert completed(known, ["b0", "x"]) == known | colours(["x"])
    assert completed(known, []) == known


def test_many_categories_have_a_colour_each_and_begin_again():
    shades = category_colours(13)
    assert len(set(shades[:12])) == 12
    assert shades[12] == shades[0]
