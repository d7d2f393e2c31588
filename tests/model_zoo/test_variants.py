"""The zoo as it is declared."""

import pytest

from model_zoo.variants import BASELINE, SHOWN_FIRST, VARIANTS, Variant, plain_name

INT8 = [name for name, variant in VARIANTS.items() if variant.precision == "int8"]


def test_each_is_filed_by_its_name():
    assert {name: variant.name for name, variant in VARIANTS.items()} == {name: name for name in VARIANTS}


def test_what_the_page_shows_first_and_measures_against_is_there():
    assert set(SHOWN_FIRST) <= set(VARIANTS)
    assert SHOWN_FIRST[0] == BASELINE


def test_teachers_are_variants_that_were_trained_before():
    names = list(VARIANTS)
    taught = {variant.name: variant.teacher for variant in VARIANTS.values() if variant.teacher}
    assert taught
    assert all(names.index(teacher) < names.index(student) for student, teacher in taught.items())


@pytest.mark.parametrize("name", INT8)
def test_an_int8_variant_is_its_float_twin_but_for_precision(name):
    variant = VARIANTS[name]
    twin = VARIANTS[variant.float_name]
    assert (twin.precision, twin.pruning, twin.architecture) == ("float32", variant.pruning, variant.architecture)
    assert twin.float_name == twin.name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("b0", "Large: EfficientNet-B0"),
        ("lite0", "Small: Lite0"),
        ("lite0_kd", "Small, taught by B0"),
        ("lite0_kd_p35", "Small, taught by B0, 35 % cut"),
        ("lite0_kd_p35_int8", "Small, taught by B0, 35 % cut, 8 bit"),
        ("meso4_df", "Tiny: Meso-4, as published"),
        ("of_another_version", "of_another_version"),
    ],
)
def test_names_for_people(name, words):
    assert plain_name(name) == words


def test_each_is_named_once_and_belongs_to_a_group():
    assert len({variant.plain_name for variant in VARIANTS.values()}) == len(VARIANTS)
    assert all(variant.group for variant in VARIANTS.values())
    other = Variant("x", architecture="mobilenetv3", title="X", teacher="seer", pruning=0.5)
    assert (other.plain_name, other.group) == ("mobilenetv3, taught by seer, 50 % cut", "mobilenetv3")
