import shutil
import subprocess
import sys

import numpy as np
import pytest

from explorer.faces.mtcnn import networks as mtcnn_networks
from explorer.faces.mtcnn.networks import INPUTS, SUMS, make, networks, on_torch

pytestmark = pytest.mark.heavy  # graphs are made in another process


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make(folder)
    return folder


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """What opens the networks anew, with a cache of its own that lies there."""
    monkeypatch.setattr("explorer.faces.mtcnn.networks.CACHE", tmp_path)
    monkeypatch.setattr("explorer.faces.mtcnn.networks._networks", mtcnn_networks._networks.__wrapped__)
    return networks


@pytest.fixture
def cached(opened, made, tmp_path):
    """The folder in that cache."""
    return shutil.copytree(made, tmp_path / f"mtcnn-{mtcnn_networks._key()}")


@pytest.fixture
def never_made(monkeypatch):
    def fail(*_, **__):
        raise subprocess.CalledProcessError(1, "make")

    monkeypatch.setattr(subprocess, "run", fail)


def answers(runs, count: int = 3) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    sizes = {name: [side if side > 0 else 31 for side in shape[2:]] for name, shape in INPUTS.items()}
    images = {name: rng.uniform(-1, 1, (count, 3, *size)).astype(np.float32) for name, size in sizes.items()}
    return [output for name in INPUTS for output in getattr(runs, name)(images[name])]


def same(first, second) -> bool:
    pairs = zip(answers(first), answers(second), strict=True)
    return all(a.shape == b.shape and np.allclose(a, b, atol=1e-4) for a, b in pairs)


def test_graphs_say_what_torch_says(cached, opened, never_made):
    assert same(opened(), on_torch())


def test_graphs_are_made_once(opened, tmp_path, monkeypatch):
    assert same(opened(), on_torch())
    (folder,) = tmp_path.iterdir()
    assert {path.name for path in folder.iterdir()} == {*mtcnn_networks._files(), SUMS}
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("made a second time"))
    opened()


@pytest.mark.parametrize("name", ["pnet.bin", "onet.xml", SUMS])
def test_a_damaged_cache_is_made_anew(cached, opened, made, name, monkeypatch):
    (cached / name).write_bytes((cached / name).read_bytes()[:-7])
    calls = []

    def copy(command, **_):
        calls.append(command)
        shutil.copytree(made, command[-1], dirs_exist_ok=True)

    monkeypatch.setattr(subprocess, "run", copy)
    assert same(opened(), on_torch())
    assert len(calls) == 1
    assert (cached / name).read_bytes() == (made / name).read_bytes()


def test_a_cache_that_cannot_be_written_to(opened, made, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.faces.mtcnn.networks.CACHE", tmp_path / "file" / "below")
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: shutil.copytree(made, command[-1], dirs_exist_ok=True))
    assert same(opened(), on_torch())


def test_torch_where_graphs_cannot_be_made(opened, never_made, caplog):
    assert same(opened(), on_torch())
    assert "MTCNN runs on torch" in caplog.text


def test_torch_where_there_is_no_openvino(cached, opened, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert same(opened(), on_torch())
    assert "MTCNN runs on torch" in caplog.text
