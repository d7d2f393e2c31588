"""The variants of the zoo, declared as data; facts about released ones live in manifest.json."""

from dataclasses import dataclass, replace

from model_zoo.architectures import ARCHITECTURES, Architecture
from model_zoo.guest import View

BUNDLED, IMPORTED, NONE = "bundled", "imported", "none"


@dataclass(frozen=True)
class Variant:
    """One detector: which network it is, how it was made small, and on which crops it looks.

    `teacher` and `alpha` name the distillation (the share of the soft loss), `pruning` the share of the dense
    network's channels that were removed, `precision` how weights and activations are stored: float32 or int8.
    `input_size` is the side S of the square uint8 crop in pixels, the tight one unless a `view` says how else the face
    is cut from the frame; `clip_length` T is how many consecutive ones are judged at once. `mean`
    and `std` normalise pixels scaled to [0, 1], the same for the three channels (0.5: the convention of the ImageNet
    trunk). `turned`: the network's own output speaks for real, so its sign is changed. `weights`: they come with the
    code (BUNDLED), are their authors' and imported by whoever has them (IMPORTED), or there is only the recipe (NONE).
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
    view: View | None = None
    clip_length: int = 1
    turned: bool = False
    weights: str = BUNDLED

    @property
    def kind(self) -> Architecture:
        """What is declared of its architecture; one that is not there keeps its own name, and is its own group."""
        unknown = Architecture(self.architecture, self.architecture, "")
        return ARCHITECTURES.get(self.architecture, unknown)

    @property
    def crop_shape(self) -> tuple[int, ...]:
        """Of what it judges at once: (S, S, 3), or (T, S, S, 3)."""
        one = (self.input_size, self.input_size, 3)
        return one if self.clip_length == 1 else (self.clip_length, *one)

    @property
    def gives_features(self) -> bool:
        """Whether its network pools features of a single face."""
        return self.kind.evidence and self.clip_length == 1

    @property
    def plain_name(self) -> str:
        """What it is, for people: "Small, taught by B0, 35 % cut, 8 bit"."""
        steps = [f"taught by {_short(self.teacher)}"] if self.teacher else []
        steps += [f"{100 * self.pruning:.0f} % cut"] if self.pruning else []
        steps += ["8 bit"] if self.precision == "int8" else []
        size, title = self.kind.size, self.kind.title
        called = f"{size}: {title}" if title and not steps else size
        return ", ".join([called, *steps, *(["as published"] if self.weights == IMPORTED else [])])

    @property
    def group(self) -> str:
        """The kind of network that it belongs to."""
        return self.kind.group

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


# Afchar et al., WIFS 2018: pixels in [0, 1], 1 = real. Their crop has 1.3 x 2.2 times the distance of the eyes, or
# of eyes and mouth (their pipeline.py), about the nose: 273 px where the tight crop is 224 px and the box 269 px high.
_MESO4 = Variant("meso4", architecture="meso4", title="Meso-4", input_size=256, mean=0.0, std=1.0, turned=True)
_MESO4_DF = replace(
    _MESO4,
    name="meso4_df",
    title="Meso-4, as published (Deepfakes)",
    view=View(1.02, 256, 256, down=0.06),
    weights=IMPORTED,
)
_MESOINCEPTION_DF = replace(
    _MESO4_DF,
    name="mesoinception_df",
    architecture="mesoinception4",
    title="MesoInception-4, as published (Deepfakes)",
)

_SLIM = (_DISTILLED, *(_pruned(percent) for percent in (20, 25, 30, 35, 40)))

VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("b0", architecture="efficientnet_b0", title="EfficientNet-B0"),
        _LITE0,
        *_SLIM,
        *(_int8(variant) for variant in _SLIM if variant.pruning not in (0.20, 0.25)),  # all six would exceed 60 MB
        replace(_MESO4, weights=NONE),
        _MESO4_DF,
        _MESOINCEPTION_DF,
        # Document 003's network on the face: 15 consecutive tight crops at once.
        Variant(
            "cnn3d_face", "cnn3d_face", "3D network on the face, followed", input_size=112, clip_length=15, weights=NONE
        ),
        Variant("xception", "legacy_xception", "Xception", input_size=224, weights=NONE),
        *(
            Variant(f"b{n}", f"efficientnet_b{n}", f"EfficientNet-B{n}", input_size=side, weights=NONE)
            for n, side in enumerate((240, 260, 300, 380, 456, 528, 600), 1)
        ),
        replace(
            _LITE0,
            name="lite0_softmax",
            architecture="efficientnet_lite0_softmax",
            title="EfficientNet-Lite0, two nodes with softmax",
            weights=NONE,
        ),
        *(
            replace(
                _LITE0,
                name=f"lite{n}",
                architecture=f"efficientnet_lite{n}",
                title=f"EfficientNet-Lite{n}",
                weights=NONE,
            )
            for n in (1, 2)
        ),
    )
}


def _short(teacher: str) -> str:
    """B0 of EfficientNet-B0; the name itself of what is no variant."""
    known = VARIANTS.get(teacher)
    return known.kind.title.split("-")[-1] if known and known.kind.title else teacher


BUNDLED_NAMES = tuple(name for name, variant in VARIANTS.items() if variant.weights == BUNDLED)


def plain_name(name: str) -> str:
    """A variant's name for people; one that this version does not know keeps its own."""
    return VARIANTS[name].plain_name if name in VARIANTS else name


SHOWN_FIRST = ("b0", "lite0", "lite0_kd", "lite0_kd_p35", "lite0_kd_p35_int8")  # ticked when the page opens
BASELINE = "b0"  # every speed-up in the page is measured against this one
