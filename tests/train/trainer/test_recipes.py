from dataclasses import replace

import pytest

from model_zoo.variants import IMPORTED, VARIANTS
from train.dataset.mix import Mix
from train.errors import BadRecipe
from train.trainer.recipes import PRESETS, RECIPES, Recipe, distilled_by, pruned_from, pruning_steps, recipe_named


def test_every_float_variant_has_a_recipe_that_does_what_it_declares():
    for variant in (each for each in VARIANTS.values() if each.weights != IMPORTED):
        if variant.precision == "int8":
            assert variant.float_name in VARIANTS
            continue
        recipe = RECIPES[variant.name]
        assert recipe.pruning == variant.pruning
        if variant.teacher:  # or an earlier stage of it, or what it taught, teaches while channels are cut
            teachers = {RECIPES[name].variant for name in recipe.teachers}
            assert teachers == ({"lite0_kd"} if variant.pruning else {variant.teacher})


def test_recipes_build_on_earlier_ones():
    seen = []
    for recipe in RECIPES.values():
        assert recipe.start in ("trunk", "xavier", *seen) or VARIANTS[recipe.start].weights == IMPORTED
        assert set(recipe.teachers) <= set(seen)
        seen.append(recipe.name)


def test_the_paper_s_presets():
    train, finetune = recipe_named("b0", "paper-train"), recipe_named("lite0", "paper-finetune")
    assert (train.name, train.epochs, train.optimizer, train.learning_rate) == ("b0-paper-train", 30, "sgd", 5e-4)
    assert (train.weight_decay, train.schedule, train.patience) == (1e-5, "cosine", 5)
    assert train.warmup * train.epochs == 10
    assert (finetune.epochs, finetune.optimizer, finetune.learning_rate, finetune.patience) == (20, "adam", 2e-4, 3)
    assert recipe_named("b0") == RECIPES["b0"]


def test_pruning_happens_in_equal_steps_that_build_on_each_other():
    recipe = RECIPES["lite0_kd_p20"]
    steps = pruning_steps(recipe, reached=0.0)
    assert [step.pruning for step in steps] == [0.1, 0.2]
    assert [step.start for step in steps] == ["lite0_kd", *(step.name for step in steps[:-1])]
    assert [step.epochs for step in steps] == [0.3, 1.0]
    assert steps[-1].name == "lite0_kd_p20"
    assert recipe.epochs_total == pytest.approx(1.3)
    assert [step.pruning for step in pruning_steps(RECIPES["lite0_kd_p25"], reached=0.2)] == [0.25]


def test_recipes_made_to_order():
    student = distilled_by(RECIPES["lite0"], "b0", 0.5)
    assert (student.name, student.teacher, student.alpha) == ("lite0-b0-a50", "b0", 0.5)
    slim = pruned_from(RECIPES["lite0_kd"], 0.2, 5, "local", 1.0)
    assert (slim.start, slim.prunings, slim.epochs) == ("lite0_kd", 5, 0.2)
    assert (slim.teacher, slim.alpha) == ("lite0_kd", 0.7)  # released, unlike what taught it
    bare = pruned_from(RECIPES["lite0"], 0.2, 5, "local", 1.0)
    assert (bare.teacher, bare.alpha) == (None, 0.0)


def test_what_does_not_exist_is_named():
    with pytest.raises(BadRecipe, match="no recipe named 'x'; there are b0-start"):
        recipe_named("x")
    with pytest.raises(BadRecipe, match=f"no preset named 'x'; there are {', '.join(PRESETS)}"):
        recipe_named("b0", "x")
    with pytest.raises(BadRecipe, match=r"0 to 1, not 1\.5"):
        distilled_by(RECIPES["lite0"], "b0", 1.5)
    with pytest.raises(BadRecipe, match="between 0 and 1"):
        pruned_from(RECIPES["lite0"], 1.0, 1, "global", 1)
    with pytest.raises(BadRecipe, match="no pruning scope 'sideways'"):
        pruning_steps(pruned_from(RECIPES["lite0"], 0.1, 1, "sideways", 1), 0.0)


def test_what_is_recorded_of_a_recipe_is_what_older_runs_recorded():
    assert "only" not in RECIPES["lite0"].settings()
    assert replace(RECIPES["lite0"], only=("classifier",)).settings()["only"] == ("classifier",)
    assert Recipe(**RECIPES["lite0"].settings()) == RECIPES["lite0"]
    assert replace(RECIPES["lite0"], mix=Mix(hard=0)).settings()["mix"]["hard"] == 0
