from model_zoo.architectures import ARCHITECTURES, GROUPS, LAYERS, POOLED
from model_zoo.factory import BUILDERS
from model_zoo.variants import VARIANTS


def test_what_is_declared_can_be_built_and_looked_into():
    assert set(ARCHITECTURES) == set(BUILDERS)
    assert all(next(iter(architecture.layers)) == POOLED for architecture in ARCHITECTURES.values())
    assert LAYERS[0] == POOLED


def test_groups_are_those_of_the_variants():
    assert {variant.group for variant in VARIANTS.values()} <= set(GROUPS)
