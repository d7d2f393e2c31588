"""What a static Space is told of itself."""

from huggingface_hub import SpaceCard

from train.release.static_space import HEADERS, static_card


def test_the_card_names_the_zoo_its_commit_and_the_headers():
    card = SpaceCard(static_card("maker/zoo", "c0ffee"))
    assert card.data.to_dict()["custom_headers"] == HEADERS
    assert "at commit `c0ffee`" in card.text
    assert "onnxruntime-web@" in card.text
