from pathlib import Path

import numpy as np
import pytest

from explorer.errors import InvalidRequest
from explorer.guests.classifier import onnx_classifier
from model_zoo.errors import BadGuest
from model_zoo.guest import Guest
from model_zoo.guests.admission import guest_of
from model_zoo.guests.declared import Declared
from tests.support.guests import FAKE_FIRST, REAL_FIRST, fake_weights, levels, onnx_graph, write_onnx_guest


def guest_in(folder: Path, *args, **changes) -> Guest:
    write_onnx_guest(folder, *args, **changes)
    return guest_of(Declared("tiny", folder=str(folder)), folder, "")


@pytest.mark.parametrize("engine", ["openvino", "onnxruntime"])
@pytest.mark.parametrize("labels", [FAKE_FIRST, REAL_FIRST])
@pytest.mark.parametrize("kind", [{}, {"batch": 1}, {"float16": True}, {"channels_last": True}])
def test_brighter_is_faker_in_every_form(tmp_path, engine, labels, kind):
    guest = guest_in(tmp_path, labels, onnx_graph(fake_weights(labels), **kind))
    logits, evidence = onnx_classifier(guest, engine)(levels())
    np.testing.assert_allclose(logits, [-4, 0.0157, 4], atol=0.02)
    np.testing.assert_allclose(evidence.mean((1, 2)), logits, atol=0.02)
    assert evidence.shape == (3, 32, 32)


@pytest.mark.parametrize(("names", "expected"), [({"0": "fake"}, [-2, 2]), ({"0": "real"}, [-2, 2])])
def test_one_output(tmp_path, names, expected):
    logits, evidence = onnx_classifier(guest_in(tmp_path, names), "onnxruntime")(levels()[[0, 2]])
    np.testing.assert_allclose(logits, expected, atol=1e-3)
    np.testing.assert_allclose(evidence.mean((1, 2)), expected, atol=1e-3)


def test_probabilities_are_turned_back(tmp_path):
    guest = guest_in(tmp_path, FAKE_FIRST, onnx_graph(fake_weights(FAKE_FIRST), activation="Softmax"))
    logits, evidence = onnx_classifier(guest, "openvino")(levels())
    np.testing.assert_allclose(logits, [-4, 0.0157, 4], atol=0.01)
    assert evidence.size


def test_a_graph_that_does_not_end_in_pooling_has_no_evidence(tmp_path):
    guest = guest_in(tmp_path, FAKE_FIRST, onnx_graph(fake_weights(FAKE_FIRST), pooled=False))
    logits, evidence = onnx_classifier(guest, "openvino")(levels())
    np.testing.assert_allclose(logits, [-4, 0.0157, 4], atol=0.02)
    assert evidence.shape == (3, 0, 0)


def test_what_looks_like_evidence_and_is_not_the_logits_mean_is_left_out(tmp_path, monkeypatch):
    guest = guest_in(tmp_path)
    wrong = lambda head, weights: lambda features: features.mean(1) + 1  # noqa: E731
    monkeypatch.setattr("explorer.guests.classifier.evidence_by", wrong)
    assert onnx_classifier(guest, "onnxruntime")(levels())[1].shape == (3, 0, 0)


def test_numbers_that_are_not_finite_are_said(tmp_path):
    guest = guest_in(tmp_path, FAKE_FIRST, onnx_graph([float("inf"), 1.0]))
    with pytest.raises(BadGuest, match="not finite"):
        onnx_classifier(guest, "onnxruntime")(levels())


def test_torch_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match="choose openvino or onnxruntime"):
        onnx_classifier(guest_in(tmp_path), "torch")
