from pathlib import Path
from subprocess import CalledProcessError

import numpy as np
import pytest

from explorer import children
from explorer.errors import InvalidRequest
from explorer.guests import timm_graph
from explorer.guests.timm_graph import timm_classifier
from model_zoo.errors import BadGuest
from model_zoo.guests.admission import guest_of
from model_zoo.guests.declared import Declared
from tests.support.guests import write_timm_guest


@pytest.fixture
def open_on(tmp_path, monkeypatch):
    monkeypatch.setattr(timm_graph, "CACHE", tmp_path / "cache")

    def open_on(engine: str, folder=None):
        folder = folder or write_timm_guest(tmp_path / "tiny")
        return timm_classifier(guest_of(Declared("tiny", folder=str(folder)), folder, ""), engine)

    return open_on


@pytest.mark.heavy
def test_the_graph_says_what_torch_says_and_is_made_once(open_on, tmp_path):
    crops = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    graph, torch_one = open_on("openvino"), open_on("torch")
    for ours, theirs in zip(graph(crops), torch_one(crops), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
    logits, evidence = graph(crops)
    np.testing.assert_allclose(evidence.mean((1, 2)), logits, atol=1e-4)
    [made] = (tmp_path / "cache" / "guests").iterdir()
    before = (made / "model.xml").stat().st_mtime_ns
    open_on("openvino")
    assert (made / "model.xml").stat().st_mtime_ns == before


def test_what_the_other_process_cannot_build_is_one_sentence(open_on, monkeypatch):
    def fail(words: list[str], seconds: float, **settings: object) -> None:
        (Path(words[-1]) / "problem.txt").write_text("timm knows no architecture 'no_such_net'")
        raise CalledProcessError(1, words)

    monkeypatch.setattr(children, "run", fail)
    with pytest.raises(BadGuest, match=r"^tiny: timm knows no architecture 'no_such_net'$"):
        open_on("openvino")


def test_onnx_runtime_is_refused(open_on):
    with pytest.raises(InvalidRequest, match="choose openvino or torch"):
        open_on("onnxruntime")
