from pathlib import Path

from explorer.exports.guest_json import guest_json
from model_zoo.guest import Guest, Labels, View


def test_what_is_told_of_a_guest():
    labels, view = Labels(("fake", "real"), (0,), (1,)), View(1.3, 256, 224, "bicubic")
    guest = Guest("a", "user/a", "c" * 40, "onnx", Path("f"), "model.onnx", "0" * 64, 9, 8, view, labels)
    told = guest_json(guest)
    assert told["title"] == "user/a, a guest"
    assert told["guest"]["labels"] == "fake: fake (output 0); real: real (output 1)"
    assert (told["guest"]["margin"], told["guest"]["revision"]) == (1.3, "c" * 40)


def test_scores_have_no_labels():
    guest = Guest("a", "/a", "0" * 64, "scores", Path("f"), "scores.csv", "0" * 64, 0)
    assert guest_json(guest)["guest"]["labels"] is None
