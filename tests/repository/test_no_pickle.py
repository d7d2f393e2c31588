"""Nothing that serves unpickles, evaluates or hands text to a shell; files that wait to be unpickled are not."""

import ast
import pickle
from pathlib import Path

import facenet_pytorch
import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from explorer.face_map.reference import read_reference
from model_zoo.errors import BadWeights
from model_zoo.files import sha256_of
from model_zoo.loading import load
from model_zoo.weights import load_weights

ROOT = Path(__file__).resolve().parents[2]
SERVING = [ROOT / "app.py", *sorted(path for name in ("explorer", "model_zoo") for path in (ROOT / name).rglob("*.py"))]
MODULES = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml", "code"}
CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "torch.load", "torch.hub.load", "np.load",
         "pd.read_pickle", "torch.jit.load", "torch.export.load", "subprocess.getoutput"}  # fmt: skip
METHODS = {"recv", "send", "get_nowait"}  # of multiprocessing's connections and queues, which pickle


def offences(source: str) -> list[str]:
    """What of the above a module does, by line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [f"{node.lineno}: import {name}" for name in names if name.split(".")[0] in MODULES]
        elif isinstance(node, ast.Call):
            name, given = ast.unparse(node.func), {word.arg: ast.unparse(word.value) for word in node.keywords}
            safe = given.get("allow_pickle") == "False" or given.get("weights_only") == "True"
            shell = given.get("shell", "False") != "False"
            method = isinstance(node.func, ast.Attribute) and node.func.attr in METHODS
            if (name in CALLS and not safe) or shell or method:
                found.append(f"{node.lineno}: {name}")
    return found


@pytest.mark.parametrize("path", SERVING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_that_serves_unpickles_or_evaluates(path):
    assert offences(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    ["import pickle", "from joblib import load", "import yaml.loader", "eval(x)", "torch.load(p)", "np.load(p)",
     "torch.load(p, weights_only=False)", "np.load(p, allow_pickle=True)", "subprocess.run(x, shell=True)",
     "os.system(x)", "connection.recv()", "queue.get_nowait()", "torch.hub.load(x)"],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(line):
    assert len(offences(line)) == 1


@pytest.mark.parametrize(
    "line", ["np.load(p, allow_pickle=False)", "torch.load(p, weights_only=True)", "model.eval()", "c.recv_bytes()"]
)
def test_the_search_lets_safe_ways_pass(line):
    assert offences(line) == []


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


# The one pickled thing that is loaded: MTCNN's weights inside the wheel of facenet-pytorch, by its own torch.load.
MTCNN = {
    "pnet.pt": "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f",
    "rnet.pt": "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86",
    "onet.pt": "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d",
}


def test_mtcnns_weights_are_those_that_were_looked_at():
    folder = Path(facenet_pytorch.__file__).parent / "data"
    assert {path.name: sha256_of(path) for path in folder.glob("*.pt")} == MTCNN


def test_torch_load_as_facenet_pytorch_calls_it_takes_tensors_alone(trap, tmp_path):
    torch.save({"weight": trap}, tmp_path / "pnet.pt")
    with pytest.raises(pickle.UnpicklingError, match=r"[Ww]eights.only"):
        torch.load(tmp_path / "pnet.pt")
