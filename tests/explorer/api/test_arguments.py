"""What a client asks for is checked for its kind."""

import math

import pytest

from explorer.api import arguments as asked
from explorer.errors import InvalidRequest, UnknownOption


@pytest.mark.parametrize(("given", "taken"), [(32, 32), (0, 0), (-1, -1), (4.0, 4), (1e9, 10**9)])
def test_whole_numbers_are_taken(given, taken):
    assert asked.whole(given) == taken
    assert type(asked.whole(given)) is int


@pytest.mark.parametrize(
    "given", ["32", "x", 2.5, math.nan, math.inf, -math.inf, 1e300, 10**400, True, None, [32], {"frames": 32}]
)
def test_what_is_no_whole_number_is_told_what_is(given):
    with pytest.raises(InvalidRequest, match=r"^frames takes a whole number such as 32$"):
        asked.whole(given)


@pytest.mark.parametrize("given", [None, 1, ["haar"], {}, 65 * "x"])
def test_a_name_is_short_text(given):
    assert asked.name("haar", "finder") == "haar"
    with pytest.raises(InvalidRequest, match=r"^finder takes a name of at most 64 characters$"):
        asked.name(given, "finder")


@pytest.mark.parametrize(
    "given", ["b0", [], {}, {"b0": 1}, [1], [None], [["b0"]], [65 * "x"], [str(i) for i in range(65)], 5, True]
)
def test_variants_are_a_list_of_names(given):
    assert asked.variant_names(["b0", "lite0"]) == ["b0", "lite0"]
    assert asked.variant_names(None) is None
    with pytest.raises(InvalidRequest, match=r"^variants takes a list of names"):
        asked.variant_names(given)


def test_one_of_lists_what_there_is():
    assert asked.one_of("a", ("a", "b"), "layer") == "a"
    with pytest.raises(UnknownOption, match=r"^no layer named 'c'; choose one of a, b$"):
        asked.one_of("c", ("a", "b"), "layer")
    with pytest.raises(InvalidRequest, match=r"^layer takes a name"):
        asked.one_of(["a"], ("a", "b"), "layer")
