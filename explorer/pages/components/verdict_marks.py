"""How a verdict looks: a tint, a sign and a word, for colour alone tells some eyes nothing."""

from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN

TINTS = {FAKE: "fake", REAL: "real", UNCERTAIN: "unsure", NO_FACE: "none"}  # classes of page.css
_WORDS = {
    FAKE: "\N{BLACK UP-POINTING TRIANGLE} fake",
    REAL: "\N{BLACK DOWN-POINTING TRIANGLE} real",
    UNCERTAIN: "? unsure",
    NO_FACE: "no face",
}


def pill(verdict: str) -> str:
    """The verdict as HTML."""
    return f'<span class="pill {TINTS[verdict]}">{_WORDS[verdict]}</span>'
