"""How each variant is trained, as data."""

from dataclasses import dataclass


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
        Recipe("lite0", variant="lite0", epochs=4),
        Recipe("b0-start", variant="b0", epochs=3.5, forged=0.25),
        Recipe("b0", variant="b0", start="b0-start", epochs=1.5, learning_rate=4e-4, forged=0.25, seed=1),
    )
}
