"""The variants of the zoo, declared as data; facts about released ones live in manifest.json."""

from dataclasses import dataclass, replace

# What people call a network: how large it is, its kind, its name. An architecture that is not here keeps its own name.
NETWORKS = {
    "efficientnet_b0": ("Large", "EfficientNet", "EfficientNet-B0"),
    "efficientnet_lite0": ("Small", "EfficientNet-Lite", "Lite0"),
}


@dataclass(frozen=True)
class Variant:
    """One detector: which network it is, how it was made small, and on which crops it looks.

    `teacher` and `alpha` name the distillation (the share of the soft loss), `pruning` the share of the dense
    network's channels that were removed, `precision` how weights and activations are stored: float32 or int8.
    `input_size` is the side S of the square uint8 crop in pixels; `mean` and `std` normalise pixels
    scaled to [0, 1], the same for the three channels (0.5: the convention of the ImageNet trunk).
    """

    name: str
    architecture: str
    title: str
    teacher: str | None = None
    alpha: float = 0.0
    pruning: float = 0.0
    precision: str = "float32"
    input_size: int = 160
    mean: float = 0.5
    std: float = 0.5

    @property
    def plain_name(self) -> str:
        """What it is, for people: "Small, taught by B0, 35 % cut, 8 bit"."""
        size, _, network = NETWORKS.get(self.architecture, (self.architecture, "", ""))
        steps = [f"taught by {_short(self.teacher)}"] if self.teacher else []
        steps += [f"{100 * self.pruning:.0f} % cut"] if self.pruning else []
        steps += ["8 bit"] if self.precision == "int8" else []
        return ", ".join([size, *steps]) if steps or not network else f"{size}: {network}"

    @property
    def group(self) -> str:
        """The kind of network that it belongs to."""
        return NETWORKS.get(self.architecture, ("", self.architecture, ""))[1]

    @property
    def float_name(self) -> str:
        """The variant that an int8 one was quantized from; any other's own name."""
        return self.name.removesuffix("_int8") if self.precision == "int8" else self.name


_LITE0 = Variant("lite0", architecture="efficientnet_lite0", title="EfficientNet-Lite0")
_DISTILLED = replace(_LITE0, name="lite0_kd", title="Lite0, distilled from B0", teacher="b0", alpha=0.25)


def _pruned(percent: int) -> Variant:
    return replace(
        _DISTILLED,
        name=f"lite0_kd_p{percent}",
        title=f"Lite0, distilled, {percent} % pruned",
        pruning=percent / 100,
    )


def _int8(variant: Variant) -> Variant:
    return replace(variant, name=f"{variant.name}_int8", title=f"{variant.title}, int8", precision="int8")


_SLIM = (_DISTILLED, *(_pruned(percent) for percent in (20, 25, 30, 35, 40)))

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("b0", architecture="efficientnet_b0", title="EfficientNet-B0"),
        _LITE0,
        *_SLIM,
        *(_int8(variant) for variant in _SLIM if variant.pruning not in (0.20, 0.25)),  # all six would exceed 60 MB
    )
}


def _short(teacher: str) -> str:
    """B0 of EfficientNet-B0; the name itself of what is no variant."""
    known = VARIANTS.get(teacher)
    return NETWORKS[known.architecture][2].split("-")[-1] if known and known.architecture in NETWORKS else teacher


def plain_name(name: str) -> str:
    """A variant's name for people; one that this version does not know keeps its own."""
    return VARIANTS[name].plain_name if name in VARIANTS else name


SHOWN_FIRST = ("b0", "lite0", "lite0_kd", "lite0_kd_p35", "lite0_kd_p35_int8")  # ticked when the page opens
BASELINE = "b0"  # every speed-up in the page is measured against this one
