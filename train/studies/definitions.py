"""The comparisons of the paper, and our own, as recipes of one small equal budget each."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from train.errors import BadRecipe
from train.trainer.recipes import RECIPES, Recipe, pruned_from


@dataclass(frozen=True)
class Study:
    """Recipes that differ in one thing; `question` is what the table answers, `budget` what each row was given."""

    name: str
    question: str
    budget: str
    recipes: dict[str, Recipe]


def _kd_alpha() -> Study:
    """Chua, SCSE23-0504, "Knowledge-distilled Training (Optimal Alpha)"."""
    student = replace(RECIPES["lite0_kd"], start="lite0-start", epochs=0.12)
    recipes = {
        f"alpha {alpha}": replace(student, name=f"study-alpha-{round(100 * alpha)}", alpha=alpha)
        for alpha in (0.0, 0.25, 0.5, 0.75, 1.0)
    }
    return Study("kd-alpha", "How much of the loss should be the teacher's?", "0.12 epochs from lite0-start", recipes)


def _pruning_scope() -> Study:
    """Chua, SCSE23-0504, "Global VS Local Pruning": 5 %."""
    recipes = {scope: _named(0.05, 1, scope, 0.05) for scope in ("global", "local")}
    budget = "5 %, 0.05 epochs of fine-tuning"
    return Study("pruning-scope", "Rank all layers in one list, or each by itself?", budget, recipes)


def _pruning_steps() -> Study:
    """Chua, SCSE23-0504, "1-shot VS 5-shot Pruning": 20 %."""
    recipes = {f"{steps} step{'s' * (steps > 1)}": _named(0.20, steps, "global", 0.1) for steps in (1, 5)}
    return Study("pruning-steps", "Prune at once, or little by little?", "20 %, 0.1 epochs of fine-tuning", recipes)


def _input_size() -> Study:
    """The crops' native width has a median of 155 px: does 224 px see more, and at what cost?"""
    base = replace(RECIPES["lite0-start"], epochs=0.5)
    recipes = {f"{size} px": replace(base, name=f"study-size-{size}", size=size) for size in (160, 224)}
    return Study("input-size", "Which input size?", "lite0, 0.5 epochs from the ImageNet trunk", recipes)


def _undistilled() -> Study:
    """Chua, SCSE23-0504, "Fruits of our pruning strategy": Lite0 pruned by 30 % without a teacher."""
    recipe = RECIPES["lite0_p30"]
    budget = f"{recipe.epochs_total:.2f} epochs of fine-tuning"
    return Study("undistilled", "Lite0 pruned by 30 % without a teacher", budget, {"lite0_p30": recipe})


def _named(ratio: float, steps: int, scope: str, epochs: float) -> Recipe:
    recipe = pruned_from(RECIPES["lite0"], ratio, steps, scope, epochs)
    return replace(recipe, name=f"study-{recipe.name}", learning_rate=1e-4)


STUDIES: dict[str, Callable[[], Study]] = {
    "kd-alpha": _kd_alpha,
    "pruning-scope": _pruning_scope,
    "pruning-steps": _pruning_steps,
    "input-size": _input_size,
    "undistilled": _undistilled,
}


def study_named(name: str) -> Study:
    """The study of that name. Raises BadRecipe, listing what there is."""
    if name not in STUDIES:
        raise BadRecipe(f"no study named {name!r}; there are {', '.join(STUDIES)}")
    return STUDIES[name]()
