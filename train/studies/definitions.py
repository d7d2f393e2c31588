"""The comparisons of the paper, and our own, as recipes of one small equal budget each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from train.dataset.mix import EPOCH, Mix
from train.errors import BadRecipe
from train.trainer.recipes import RECIPES, Recipe, pruned_from

Rows = dict[str, dict[str, Any]]  # by label, the settings in which a recipe differs
_SHARE = 0.0867  # of an epoch of DFDC's 11,819 pairs, for each row of a study that trains from trunks
_CROPS = 2_048  # what that comes to
_SIDE = 112  # pixels, in training and in judging


@dataclass(frozen=True)
class Study:
    """Recipes that differ in one thing; `question` is what the table answers, `budget` what each row was given."""

    name: str
    question: str
    budget: str
    recipes: dict[str, Recipe]
    curves: bool = False  # whether what the rows learnt on the way is kept and drawn
    elsewhere: bool = False  # whether the rows are judged by clips of other sources, too


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


def _layer_locking() -> Study:
    """Document 004 (UCLAdeepvision, 2022), table 2: pretrained MesoNet, with layers locked, and from nothing."""
    free = RECIPES["meso4"]
    recipes = {
        "the authors' weights, untouched": replace(free, name="study-meso4-untouched", epochs=0),
        "15 epochs, all but the dense layers locked": replace(
            free, name="study-meso4-locked", only=("dense", "classifier")
        ),
        "15 epochs from Xavier": replace(free, name="study-meso4-xavier", start="xavier"),
        "15 epochs, all layers free": free,
    }
    crops = round(2 * free.epochs * EPOCH)
    budget = f"15 epochs of 256 pairs, {crops:,} crops of the mix of all sources, 256 px"
    return Study("layer-locking", "What do MesoNet's published weights need to know of our data?", budget, recipes)


def _equal(question: str, name: str, rows: Rows) -> Study:
    """Rows that differ in these settings and are trained alike: from ImageNet trunks, on equally many crops.

    What two studies ask of the same recipe is trained once.
    """
    alike: dict[str, Any] = dict(epochs=_SHARE, learning_rate=5e-4, batch_size=16, seed=9)
    base = Recipe("", "lite0", size=_SIDE, judged_px=_SIDE, zoom=None, augment=("flip",), **alike)
    recipes = {
        label: replace(base, name="-".join(("study-equal", *_words(settings))), **settings)
        for label, settings in rows.items()
    }
    budget = f"{_CROPS:,} crops of DFDC's training pairs, {_SIDE} px, from the ImageNet trunk, unless a row says more"
    return Study(name, question, budget, recipes, curves=True)


def _words(settings: dict[str, Any]) -> list[str]:
    values = ({"variant": "lite0"} | settings).values()
    return [f"{value:.2g}" if isinstance(value, float) else value for value in values]


def _heads() -> Study:
    """Document 001, 3.4. softmax((z0, z1))[1] = 1 / (1 + exp(z0 - z1)) = sigmoid(z1 - z0)."""
    rows: Rows = {"one logit, sigmoid": {}, "two nodes, softmax": {"variant": "lite0_softmax"}}
    question = "One logit, or two nodes with softmax, which is a sigmoid of their difference?"
    return _equal(question, "heads", rows)


def _warm_up() -> Study:
    """Document 000: a constant rate against warm-up and cosine."""
    rows: Rows = {"constant": {"schedule": "constant", "warmup": 0.0}, "warm-up, then cosine": {"warmup": 1 / 3}}
    return _equal("A constant rate, or warm-up and cosine?", "warm-up", rows)


def _initialisation() -> Study:
    """Document 000: Xavier against ImageNet."""
    rows: Rows = {"Xavier": {"start": "xavier"}, "ImageNet": {}}
    return _equal("From nothing, or from ImageNet?", "initialisation", rows)


def _scaling() -> Study:
    """Document 002 (Pokroy & Egorov, 2021), with the trunks that are to be had."""
    rows: Rows = {name: {"variant": name} for name in ("lite0", "lite1", "lite2", "b0")}
    return _equal("Does a larger network of the same kind see more?", "scaling", rows)


def _architectures() -> Study:
    """Documents 001 and 004: Xception beside B0."""
    return _equal("Xception or B0?", "architectures", {name: {"variant": name} for name in ("b0", "xception")})


def _mix() -> Study:
    """What each part of the mix of all sources is good for: left out, one at a time."""
    whole = Mix()
    twinless = whole.forgeries | {"generate": 0.0}
    total = sum(twinless.values())
    mixes = {
        "the whole mix": whole,
        "no forgeries": replace(whole, own=1 - whole.elsewhere),
        "no generators' twins": replace(whole, forgeries={kind: share / total for kind, share in twinless.items()}),
        "no fakes from elsewhere": replace(whole, elsewhere=0.0),
        "no hard reals": replace(whole, hard=0.0, extra=0.0),
        "no degradations": replace(whole, degraded=False),
    }
    base = Recipe("", "lite0", epochs=0.25, start="lite0", batch_size=64, learning_rate=4e-4, size=128)
    recipes = {
        f"{label}, seed {seed}": replace(base, name=f"study-mix-{place}-{seed}", mix=mix, seed=seed)
        for place, (label, mix) in enumerate(mixes.items())
        for seed in (1, 2)
    }
    budget = f"{round(2 * base.epochs * EPOCH):,} crops of {base.size} px, from the lite0 that is released"
    return Study("mix", "What is each part of the mix good for?", budget, recipes, elsewhere=True)


def _temporal() -> Study:
    """Document 003 (Stablum, 2020): its "future directions", the blocks on a face that is followed."""
    recipe = RECIPES["cnn3d_face"]
    budget = f"{round(2 * recipe.epochs * EPOCH):,} slices of 15 crops of 112 px, half of them made of single crops"
    return Study("temporal", "What do 15 frames at once say?", budget, {"cnn3d_face": recipe})


def _named(ratio: float, steps: int, scope: str, epochs: float) -> Recipe:
    recipe = pruned_from(RECIPES["lite0"], ratio, steps, scope, epochs)
    return replace(recipe, name=f"study-{recipe.name}", learning_rate=1e-4)


STUDIES: dict[str, Callable[[], Study]] = {
    "kd-alpha": _kd_alpha,
    "pruning-scope": _pruning_scope,
    "pruning-steps": _pruning_steps,
    "input-size": _input_size,
    "undistilled": _undistilled,
    "layer-locking": _layer_locking,
    "temporal": _temporal,
    "heads": _heads,
    "warm-up": _warm_up,
    "initialisation": _initialisation,
    "scaling": _scaling,
    "architectures": _architectures,
    "mix": _mix,
}


def study_named(name: str) -> Study:
    """The study of that name. Raises BadRecipe, listing what there is."""
    if name not in STUDIES:
        raise BadRecipe(f"no study named {name!r}; there are {', '.join(STUDIES)}")
    return STUDIES[name]()
