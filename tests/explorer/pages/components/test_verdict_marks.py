from explorer.pages.components.verdict_marks import TINTS, pill
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN
from tests.support.html import text


def test_a_verdict_is_a_sign_and_a_word_beside_its_colour():
    assert [text(pill(each)) for each in (FAKE, REAL, UNCERTAIN, NO_FACE)] == [
        "▲ fake",
        "▼ real",
        "? unsure",
        "no face",
    ]
    assert len(set(TINTS.values())) == 4
