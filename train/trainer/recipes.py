"""How each variant is made, as data."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from model_zoo.variants import VARIANTS, Variant
from train.dataset.mix import Mix
from train.errors import BadRecipe

EVERY_KIND = ("flip", "rotation", "colour", "gray", "downscale", "blur", "noise", "jpeg", "cutout")
SCOPES = ("global", "local")


@dataclass(frozen=True)
class Recipe:
    """One training run of a variant. An epoch sees every real crop once, each beside one fake.

    `start` is "trunk" (ImageNet), "xavier" (random) or the recipe whose best weights are taken up. `forged` is the
    share of pairs drawn from forgeries and their reals instead of the data set's own fakes. With a `teacher`, the name
    of a recipe or of a released variant, or several joined by "+" whose logits are averaged, the loss is alpha x soft +
    (1 - alpha) x hard; a `softened` share of the pairs is shown to the student less sharp than to its teacher. With
    `pruning`, that share of the dense network's channels is removed in `prunings` equal steps from what `start` lacks
    already; `epochs_between` follow each step but the last, `epochs` the last. `only` names the layers that are
    trained, all of them where it is empty; the others stay as they started, batch norms with their statistics. Without
    epochs, what it starts from is what it makes. `judged_px` is the side of the crops that it is judged by where that
    is not the size it would be served at; `mix` is what crops of all sources are drawn by.
    """

    name: str
    variant: str
    epochs: float
    start: str = "trunk"
    teacher: str | None = None
    alpha: float = 0.0
    pruning: float = 0.0
    prunings: int = 1
    epochs_between: float = 0.0
    scope: str = "global"
    forged: float = 0.0
    size: int = 160  # pixels, the side of the crops in training
    zoom: tuple[float, float] | None = (0.7, 1.0)  # share of a crop's area that is seen
    augment: tuple[str, ...] = EVERY_KIND
    batch_size: int = 32
    optimizer: str = "adamw"
    learning_rate: float = 5e-4
    weight_decay: float = 0.02
    schedule: str = "cosine"  # to zero, or "constant"
    warmup: float = 0.05  # share of all steps, linear
    patience: int = 0  # epochs without a better validation AUC after which to stop; 0: never
    label_smoothing: float = 0.02
    ema_decay: float = 0.999
    drop_rate: float = 0.2
    seed: int = 0
    only: tuple[str, ...] = ()
    judged_px: int = 0
    mix: Mix = field(default_factory=Mix)
    softened: float = 0.0

    def settings(self) -> dict[str, Any]:
        """All of it as a dict, as runs and releases record it; the last four where they are set: older ones know of
        none."""
        unset = {"only": (), "judged_px": 0, "mix": asdict(Mix()), "softened": 0.0}
        return {name: value for name, value in asdict(self).items() if name not in unset or value != unset[name]}

    @property
    def judging_size(self) -> int:
        """Pixels, the side of the crops that it is judged by; patches are judged on whole crops."""
        return self.judged_px or max(self.size, VARIANTS[self.variant].input_size)

    @property
    def teachers(self) -> list[str]:
        """The names of all that teach it."""
        return self.teacher.split("+") if self.teacher else []

    @property
    def epochs_total(self) -> float:
        """Epochs of all pruning steps together."""
        return self.epochs + (self.prunings - 1) * self.epochs_between


PRESETS: dict[str, dict[str, Any]] = {  # Chua, SCSE23-0504, "Training Settings"; "ours" leaves a recipe as it is
    "ours": {},
    "paper-train": dict(
        epochs=30, optimizer="sgd", learning_rate=5e-4, weight_decay=1e-5, schedule="cosine", warmup=1 / 3, patience=5
    ),
    "paper-finetune": dict(
        epochs=20, optimizer="adam", learning_rate=2e-4, weight_decay=1e-5, schedule="constant", warmup=0, patience=3
    ),
}

_PATCHES: dict[str, Any] = dict(
    size=128, zoom=(0.5, 1.0), forged=0.35
)  # patches at the scale that 160 px shows: a third cheaper
_FIRST = tuple(kind for kind in EVERY_KIND if kind not in ("noise", "cutout"))


def _distilled(variant: Variant, **settings: Any) -> Recipe:
    """A recipe that takes teacher, alpha and pruning from the variant's declaration."""
    declared: dict[str, Any] = dict(teacher=variant.teacher, alpha=variant.alpha, pruning=variant.pruning)
    return Recipe(variant.name, variant.name, **declared | settings)


# A low rate: a high one undoes in a few steps more than it has time to mend. What was distilled teaches what is cut.
_PRUNED: dict[str, Any] = dict(epochs_between=0.3, epochs=1.0, learning_rate=5e-4)
_TAUGHT: dict[str, Any] = dict(teacher="lite0_kd", alpha=0.7)
_LARGE: dict[str, Any] = dict(size=160, zoom=(0.7, 1.0), batch_size=512, label_smoothing=0.04, ema_decay=0.998)
_PUBLISHED_SIZE: dict[str, Any] = dict(epochs=20, learning_rate=5e-4)
# Document 004: 15 epochs at Adam's usual rate. Here an epoch of them is 256 pairs of the mix of all sources.
_MESO: dict[str, Any] = dict(
    epochs=15 * 256 / 16_384, size=256, optimizer="adam", learning_rate=1e-3, weight_decay=0.0, drop_rate=0.5, seed=7
)


def _pruned() -> Iterator[Recipe]:
    """Each further 5 % of the channels takes up where the last left off."""
    start = "lite0_kd_p20"
    yield _distilled(VARIANTS[start], start="lite0_kd", prunings=2, seed=20, **_LARGE, **_PRUNED, **_TAUGHT)
    for percent in (25, 30, 35, 40):
        slim = VARIANTS[f"lite0_kd_p{percent}"]
        yield _distilled(slim, start=start, seed=percent, **_LARGE, **_PRUNED, **_TAUGHT)
        start = slim.name


RECIPES: dict[str, Recipe] = {  # in the order in which they build on each other
    recipe.name: recipe
    for recipe in (
        Recipe("b0-start", "b0", epochs=3.5, forged=0.25, augment=_FIRST),
        Recipe("b0-more", "b0", start="b0-start", epochs=1.5, learning_rate=4e-4, forged=0.25, augment=_FIRST, seed=1),
        Recipe("b0-dfdc", "b0", start="b0-more", epochs=4, seed=2, **_PATCHES),
        Recipe("lite0-start", "lite0", epochs=4, augment=_FIRST),
        Recipe("lite0-dfdc", "lite0", start="lite0-start", epochs=3, seed=1, **_PATCHES),
        Recipe("lite0_kd-dfdc", "lite0_kd", start="lite0-dfdc", teacher="b0-dfdc", alpha=0.25, epochs=1.5, **_PATCHES),
        # The zoo of today: what DFDC alone had taught, taken further on all sources.
        Recipe("b0-mix", "b0", start="b0-dfdc", epochs=30, learning_rate=8e-4, seed=3, **_LARGE),
        Recipe("lite0", "lite0", start="lite0-dfdc", epochs=10, learning_rate=1e-3, seed=4, **_LARGE),
        _distilled(
            VARIANTS["lite0_kd"],
            start="lite0_kd-dfdc",
            teacher="b0-dfdc",
            epochs=20,
            learning_rate=1e-3,
            seed=5,
            **_LARGE,
        ),
        *_pruned(),
        # What labels alone taught in hours, a teacher that knows it teaches in minutes, though it is the smaller one.
        Recipe(
            "b0",
            "b0",
            start="b0-mix",
            teacher="lite0_kd+lite0_kd_p40",
            alpha=0.7,
            softened=0.5,
            epochs=2,
            learning_rate=1e-3,
            seed=31,
            **_LARGE,
        ),
        # Without a teacher: measured beside lite0_kd_p30, not released.
        Recipe("lite0_p30", "lite0", start="lite0", pruning=0.30, prunings=2, **_LARGE, **_PRUNED, seed=6),
        Recipe("meso4", "meso4", start="meso4_df", **_MESO),  # from the authors' weights, all layers free
        # For a GPU, from trunks that their makers give (--trunk): documents 000, 001, 002 and 004.
        *(Recipe(f"b{n}", f"b{n}", size=VARIANTS[f"b{n}"].input_size, **_PUBLISHED_SIZE) for n in range(1, 8)),
        *(Recipe(name, name, **_PUBLISHED_SIZE) for name in ("lite1", "lite2", "lite0_softmax")),
        Recipe("xception", "xception", size=224, **_PUBLISHED_SIZE),
        Recipe("cnn3d_face", "cnn3d_face", start="xavier", epochs=0.12, size=112, learning_rate=3e-3, batch_size=16),
    )
}


def scaled(recipe: Recipe, batch_size: int | None) -> Recipe:
    """The recipe with another number of crops a step, for a device with less memory; the rate follows its root."""
    if batch_size is None or batch_size == recipe.batch_size:
        return recipe
    rate = recipe.learning_rate * (batch_size / recipe.batch_size) ** 0.5
    return replace(recipe, batch_size=batch_size, learning_rate=rate)


def recipe_named(name: str, preset: str = "ours") -> Recipe:
    """The recipe of that name, under a preset that renames it. Raises BadRecipe, listing what there is."""
    if name not in RECIPES:
        raise BadRecipe(f"no recipe named {name!r}; there are {', '.join(RECIPES)}")
    if preset not in PRESETS:
        raise BadRecipe(f"no preset named {preset!r}; there are {', '.join(PRESETS)}")
    recipe = RECIPES[name]
    return recipe if preset == "ours" else replace(recipe, name=f"{name}-{preset}", **PRESETS[preset])


def distilled_by(recipe: Recipe, teacher: str, alpha: float) -> Recipe:
    """The recipe with another teacher and share of the soft loss, under a name of its own. Raises BadRecipe."""
    if not 0 <= alpha <= 1:
        raise BadRecipe(f"alpha is the soft loss's share, 0 to 1, not {alpha}")
    return replace(recipe, name=f"{recipe.name}-{teacher}-a{round(alpha * 100)}", teacher=teacher, alpha=alpha)


def pruned_from(recipe: Recipe, ratio: float, steps: int, scope: str, epochs: float) -> Recipe:
    """A recipe that prunes what `recipe` made, in equal steps with equal shares of `epochs`; what was distilled teaches
    it. Raises BadRecipe."""
    if not 0 < ratio < 1 or steps < 1:
        raise BadRecipe(f"pruning takes a ratio between 0 and 1 and at least one step, not {ratio} in {steps}")
    return replace(
        recipe,
        name=f"{recipe.name}-p{round(ratio * 100)}-{scope}-{steps}",
        start=recipe.name,
        pruning=ratio,
        prunings=steps,
        teacher=recipe.name if recipe.teacher else None,
        alpha=_TAUGHT["alpha"] if recipe.teacher else 0.0,
        scope=scope,
        epochs=epochs / steps,
        epochs_between=epochs / steps,
    )


def pruning_steps(recipe: Recipe, reached: float) -> list[Recipe]:
    """The recipe itself or, where it prunes, one recipe per pruning step, each starting from the one before it.

    `reached` is the share of channels that the recipe's start lacks already.
    """
    if recipe.scope not in SCOPES:
        raise BadRecipe(f"{recipe.name}: no pruning scope {recipe.scope!r}; there are {', '.join(SCOPES)}")
    steps, start = [], recipe.start
    for step in range(1, recipe.prunings):
        ratio = round(reached + (recipe.pruning - reached) * step / recipe.prunings, 6)
        name = f"{recipe.name}-step{step}"
        steps.append(replace(recipe, name=name, start=start, pruning=ratio, prunings=1, epochs=recipe.epochs_between))
        start = name
    return [*steps, replace(recipe, start=start, prunings=1)]
