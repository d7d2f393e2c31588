import pytest

from model_zoo.errors import BadGuest
from model_zoo.guests.labels import labels_of


@pytest.mark.parametrize(
    ("names", "fake", "real"),
    [
        (("Deepfake", "Real"), (0,), (1,)),
        (("REAL", "FAKE"), (1,), (0,)),
        (("human", "artificial"), (1,), (0,)),
        (("AI-generated", "Authentic"), (0,), (1,)),
        (("AIGenerated", "original", "deep_fake"), (0, 2), (1,)),
        (("Realism", "Manipulated face"), (1,), (0,)),
    ],
)
def test_the_direction_is_read_from_the_labels(names, fake, real):
    labels = labels_of({"id2label": {str(i): name for i, name in enumerate(names)}}, outputs=len(names))
    assert (labels.names, labels.fake, labels.real, labels.sigmoid) == (names, fake, real, False)


def test_one_output_is_the_probability_of_the_last_label():
    assert labels_of({"id2label": {"0": "fake"}}).fake == (0,)
    assert labels_of({"id2label": {"0": "real"}}).real == (0,)
    assert labels_of({"id2label": {"0": "real", "1": "fake"}}, outputs=1).fake == (0,)
    assert labels_of({"id2label": {"0": "fake", "1": "real"}}, outputs=1).real == (0,)


def test_opinions_of_their_own_and_timms_names():
    config = {"label_names": ["real", "fake"], "problem_type": "multi_label_classification"}
    assert labels_of(config).sigmoid


@pytest.mark.parametrize("names", [("LABEL_0", "LABEL_1"), ("fake", "maybe"), ("real", "not real"), ("fake real", "x")])
def test_what_cannot_be_told_is_refused_with_the_labels(names):
    with pytest.raises(BadGuest, match=f"'{names[0]}', '{names[1]}': .* cannot be told for fake or real"):
        labels_of({"id2label": dict(enumerate(names))})


def test_the_owner_can_say_which_is_which():
    config = {"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}
    labels = labels_of(config, fake=("LABEL_1",), real=("LABEL_0",))
    assert (labels.fake, labels.real) == ((1,), (0,))
    with pytest.raises(BadGuest, match="'LABEL_0' cannot be told"):
        labels_of(config, fake=("LABEL_1",))


@pytest.mark.parametrize(
    ("config", "outputs", "why"),
    [
        ({}, None, "names no labels"),
        ({"id2label": {"0": "fake", "2": "real"}}, None, "with gaps"),
        ({"id2label": {"a": "fake"}}, None, "not numbered"),
        ({"id2label": {"0": "fake", "1": "ai"}}, 2, "need a fake one and a real one"),
        ({"id2label": {"0": "fake", "1": "real"}}, 1000, "1000 outputs and 2 labels"),
    ],
)
def test_labels_that_do_not_fit_are_refused(config, outputs, why):
    with pytest.raises(BadGuest, match=why):
        labels_of(config, outputs=outputs)
