from model_zoo.families import FAMILIES, FAMILY_TITLES, family_titles


def test_every_kind_of_forgery_has_a_title():
    assert set(FAMILY_TITLES) == set(FAMILIES)


def test_titles_stand_in_a_row_and_an_unknown_kind_keeps_its_name():
    assert family_titles(("swap", "lipsync")) == "face swaps, lip-syncs"
    assert family_titles(("from_later",)) == "from_later"
    assert family_titles(()) == ""
