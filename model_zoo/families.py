"""Kinds of forgery, and what people call them."""

FAMILIES = ("swap", "reenact", "lipsync", "generated")
FAMILY_TITLES = {
    "swap": "face swaps",
    "reenact": "reenactments",
    "lipsync": "lip-syncs",
    "generated": "generated heads",
}


def family_titles(families: tuple[str, ...]) -> str:
    """Their titles in a row; a kind that this version does not know keeps its name."""
    return ", ".join(FAMILY_TITLES.get(family, family) for family in families)
