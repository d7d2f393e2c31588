"""Where a variant's weights come from, and on which terms, in the words of its card."""

from dataclasses import dataclass

from model_zoo.manifest import Released
from model_zoo.variants import VARIANTS, Variant

_BASE = "timm/efficientnet_lite0.ra_in1k"  # the ImageNet trunk, Apache-2.0
_RESEARCH = """**Research use.** Trained on face crops of the Deepfake Detection Challenge dataset and on portraits with
research licences. A verdict is a statistical opinion; never rest an accusation on it."""
_FROM_MESONET = """**Research use.** Fine-tuned from MesoNet's published weights (Afchar et al., WIFS 2018; Apache-2.0)
on face crops of the Deepfake Detection Challenge dataset, of generators' demonstrations and of portraits with research
licences. A verdict is a statistical opinion; never rest an accusation on it."""
_FITTED = "Temperature and threshold were fitted on validation; nothing\nwas chosen on the test split."


@dataclass(frozen=True)
class Provenance:
    """`licence` and `licence_name` as the Hub knows them, the network they started from, and sentences for the card."""

    licence: str
    licence_name: str | None
    base: str | None
    research: str
    fitted: str


def provenance_of(row: Released) -> Provenance:
    """What a released variant's card says of its weights."""
    variant = VARIANTS[row.name]
    if published := row.training.get("published"):
        research = (
            f"**As published.** The weights of {published['paper']}, {published['licence']}, converted from its "
            f"authors'\n`{published['file']}` and otherwise as they are; trained on {published['data']}. "
            "A verdict is a statistical\nopinion; never rest an accusation on it."
        )
        fitted = "The threshold was fitted on\nvalidation and on clips of other sources; the weights were not touched."
        return Provenance(published["licence"].lower(), None, None, research, fitted + looks_at(variant))
    base = _BASE if variant.group.startswith("EfficientNet") else None
    research = _FROM_MESONET if variant.group == "MesoNet" else _RESEARCH
    return Provenance("other", "research-use", base, research, _FITTED + looks_at(variant))


def looks_at(variant: Variant) -> str:
    """What is unusual in the pictures that it takes; empty for tight crops, one at a time."""
    sentences = []
    if variant.view:
        sentences.append(
            "In the app a face is cut for it from the frame, with its authors' margin: a square of "
            f"{variant.view.margin:g} times the face box's longer side about the nose (upright; theirs was turned "
            "level). The crops that these figures were measured on are tight and lack that margin."
        )
    if variant.clip_length > 1:
        sentences.append(f"It takes {variant.clip_length} consecutive frames of a face at once.")
    if not variant.kind.evidence:
        sentences.append("Its head gives no evidence map; Grad-CAM and occlusion show where it looks.")
    return "".join(f" {sentence}" for sentence in sentences)
