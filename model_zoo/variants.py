"""The variants of the zoo, declared as data; facts about released ones live in manifest.json."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One detector: which network it is, and on which crops it looks.

    `input_size` is the side S of the square uint8 crop in pixels; `mean` and `std` normalise pixels
    scaled to [0, 1], the same for the three channels (0.5: the convention of the ImageNet trunk).
    """

    name: str
    architecture: str
    title: str
    input_size: int = 160
    mean: float = 0.5
    std: float = 0.5


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("b0", architecture="efficientnet_b0", title="EfficientNet-B0"),
        Variant("lite0", architecture="efficientnet_lite0", title="EfficientNet-Lite0"),
    )
}

BASELINE = "b0"  # every speed-up in the page is measured against this one
