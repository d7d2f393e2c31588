from pathlib import Path

import pytest

from model_zoo.zoo import BUNDLED, LOCAL, Zoo


@pytest.mark.parametrize(
    ("zoo", "words"),
    [
        (Zoo(Path("x"), BUNDLED, "0123456789abcdef"), "The bundled zoo, revision 0123456789ab."),
        (Zoo(Path("x"), LOCAL, "0123456789abcdef"), "A zoo of this machine, revision 0123456789ab."),
        (Zoo(Path("x"), "user/zoo", "0123456789abcdef"), "The zoo user/zoo, revision 0123456789ab."),
        (
            Zoo(Path("x"), BUNDLED, "0123456789abcdef", "the Hub cannot be reached"),
            "The bundled zoo, revision 0123456789ab: the Hub cannot be reached.",
        ),
    ],
)
def test_which_zoo_is_served_in_a_sentence(zoo, words):
    assert zoo.describe() == words
