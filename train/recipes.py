"""How each variant is trained, as data."""

from dataclasses import dataclass

EVERY_KIND = ("flip", "rotation", "colour", "gray", "downscale", "blur", "noise", "jpeg", "cutout")


class BadRecipe(Exception):
    """A recipe asks for something that does not exist: what, and what there is."""


@dataclass(frozen=True)
class Recipe:
    """One training run of a variant. An epoch sees every real crop once, each beside one fake.

    `start` is "trunk" (ImageNet) or the name of the recipe whose best weights are taken up. `forged` is the share of
    pairs that are drawn from forgeries and their reals instead of the data set's own fakes.
    """

    name: str
    variant: str
    epochs: float
    start: str = "trunk"
    forged: float = 0.0
    size: int = 160  # pixels, the side of the crops in training
    zoom: tuple[float, float] | None = (0.7, 1.0)  # share of a crop's area that is seen
    augment: tuple[str, ...] = EVERY_KIND
    batch_size: int = 32
    learning_rate: float = 5e-4  # AdamW, linear warm-up, cosine to zero
    weight_decay: float = 0.02
    warmup: float = 0.05  # share of all steps
    label_smoothing: float = 0.02
    ema_decay: float = 0.999
    drop_rate: float = 0.2
    seed: int = 0


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe("b0", variant="b0", start="b0-more", epochs=4, size=128, zoom=(0.5, 1.0), forged=0.35, seed=2),
        Recipe("lite0", variant="lite0", start="lite0-start", epochs=3, size=128, zoom=(0.5, 1.0), forged=0.35, seed=1),
    )
}
