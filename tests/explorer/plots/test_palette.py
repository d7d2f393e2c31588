import re

from explorer.plots.palette import colours


def test_names_take_colours_in_their_order():
    assert colours(["b0", "lite0"]) == {"b0": "#0072B2", "lite0": "#E69F00"}


def test_a_whole_zoo_has_a_colour_for_each_and_a_larger_one_begins_again():
    shades = list(colours(range(13)).values())
    assert len(set(shades[:12])) == 12
    assert shades[12] == shades[0]
    assert all(re.fullmatch("#[0-9A-F]{6}", shade) for shade in shades)
