from pathlib import Path

from model_zoo.guest import Guest, Labels


def test_labels_are_told_as_they_were_read():
    assert Labels(("Deepfake", "Real"), (0,), (1,)).describe() == "fake: Deepfake (output 0); real: Real (output 1)"
    assert Labels(("fake",), (0,), (), True).describe() == "fake: fake (output 0)"


def test_the_model_lies_in_the_guests_folder():
    guest = Guest("a", "user/a", "0" * 40, "onnx", Path("folder"), "onnx/model.onnx", "0" * 64, 10)
    assert guest.path == Path("folder/onnx/model.onnx")
