"""How each variant is trained, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Training of one variant. An epoch sees every real crop once, each beside one of its fakes."""

    variant: str
    epochs: float
    batch_size: int = 32
    learning_rate: float = 5e-4  # AdamW, linear warm-up, cosine to zero
    weight_decay: float = 0.02
    warmup: float = 0.05  # share of all steps
    label_smoothing: float = 0.02
    ema_decay: float = 0.999
    drop_rate: float = 0.2
    seed: int = 0


RECIPES: dict[str, Recipe] = {
    recipe.variant: recipe
    for recipe in (
        Recipe("lite0", epochs=4),
        Recipe("b0", epochs=5),
    )
}
