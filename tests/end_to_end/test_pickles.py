"""Files that wait to be unpickled are not."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from explorer.face_map.reference import read_reference
from model_zoo.errors import BadWeights
from model_zoo.loading import load
from model_zoo.weights import load_weights


class Trap:
    """Makes a folder where it is unpickled."""

    def __init__(self, marker: Path):
        self.marker = marker

    def __reduce__(self):
        import os

        return os.mkdir, (str(self.marker),)


@pytest.fixture
def trap(tmp_path) -> Trap:
    """One that works, set again; and it must not have snapped in the end."""
    marker = tmp_path / "unpickled"
    pickle.loads(pickle.dumps(Trap(marker)))
    marker.rmdir()
    yield Trap(marker)
    assert not marker.exists()


def test_a_pickle_called_safetensors_is_refused(trap, tmp_path, tiny_detector):
    path = tmp_path / "model.safetensors"
    for write in (lambda: path.write_bytes(pickle.dumps(trap)), lambda: torch.save({"weight": trap}, path)):
        write()
        with pytest.raises(BadWeights, match="not a valid safetensors file"):
            load_weights(tiny_detector.network, path)


def test_weights_of_another_name_are_not_even_opened(trap, tmp_path, tiny_detector):
    (tmp_path / "model.pt").write_bytes(pickle.dumps(trap))
    with pytest.raises(BadWeights, match="never pickled ones"):
        load_weights(tiny_detector.network, tmp_path / "model.pt")


@pytest.mark.parametrize("name", ["model.onnx", "model.safetensors", "config.json"])
def test_a_pickle_in_a_release_is_refused(trap, small_release, name):
    (small_release / "lite0_kd_p40" / name).write_bytes(pickle.dumps(trap))
    with pytest.raises(BadWeights, match=f"{name}: sha256 is"):
        load("lite0_kd_p40", small_release)


def test_a_pickled_clip_is_refused(trap, tmp_path, server):
    (tmp_path / "clip.mp4").write_bytes(pickle.dumps(trap))
    with pytest.raises(AppError, match=r"clip\.mp4 cannot be read as a video"):
        Client(server, verbose=False).predict(handle_file(str(tmp_path / "clip.mp4")), frames=2, api_name="/analyze")


def test_objects_in_a_reference_are_refused(trap, tmp_path):
    trapped = np.empty(1, object)
    trapped[0] = trap
    for key in ("variant", "features", "labels"):
        content = dict(variant="a", sha256="b", features=np.zeros((1, 2)), labels=np.zeros(1)) | {key: trapped}
        np.savez(tmp_path / "reference.npz", **content)
        with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
            read_reference(tmp_path / "reference.npz")


def test_torch_load_as_facenet_pytorch_calls_it_takes_tensors_alone(trap, tmp_path):
    torch.save({"weight": trap}, tmp_path / "pnet.pt")
    with pytest.raises(pickle.UnpicklingError, match=r"[Ww]eights.only"):
        torch.load(tmp_path / "pnet.pt")
