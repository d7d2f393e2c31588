import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from explorer import children
from explorer.faces.mtcnn import networks as mtcnn_networks
from explorer.faces.mtcnn.networks import INPUTS, KNOWN, networks, on_torch, sums

pytestmark = pytest.mark.heavy  # graphs are made in another process


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Made as the app has them made: OpenVINO numbers nodes from the start of its process on."""
    folder = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-W", "ignore", "-m", "explorer.faces.mtcnn.networks", str(folder)]
    subprocess.run(command, check=True, cwd=mtcnn_networks.ROOT, capture_output=True, timeout=120)
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

    monkeypatch.setattr(children, "run", fail)


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
    assert {path.name for path in folder.iterdir()} == {*mtcnn_networks._files(), ".lock"}
    monkeypatch.setattr(children, "run", lambda *_, **__: pytest.fail("made a second time"))
    opened()


def test_what_is_made_here_is_what_the_code_names(made):
    """Where this fails for another OpenVINO, `python -m explorer.faces.mtcnn.networks FOLDER` prints what to write."""
    assert sums(made) == json.loads(KNOWN.read_text())


@pytest.fixture
def calls(made, monkeypatch) -> list[list[str]]:
    """The commands by which graphs were made; each gives the ones that `made` holds."""
    commands = []

    def copy(command, *_, **__):
        commands.append(command)
        shutil.copytree(made, command[-1], dirs_exist_ok=True)

    monkeypatch.setattr(children, "run", copy)
    return commands


def test_planted_graphs_are_not_opened_whatever_lies_beside_them(cached, opened, made, calls):
    weights = cached / "onet.bin"
    weights.write_bytes(bytes(weights.stat().st_size))
    (cached / "sha256.json").write_text(json.dumps(sums(cached)["sha256"]))  # which used to be believed
    assert same(opened(), on_torch())
    assert len(calls) == 1 and sums(cached) == sums(made)


def test_graphs_in_a_folder_that_others_may_write_to_are_not_opened(cached, opened, calls, caplog):
    cached.chmod(0o777)
    assert same(opened(), on_torch())
    assert len(calls) == 1
    assert "MTCNN's graphs are not kept" in caplog.text and "others may write to it" in caplog.text


def test_graphs_that_the_code_does_not_name_are_used_and_not_kept(opened, calls, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(mtcnn_networks, "KNOWN", tmp_path / "graphs.json")
    assert same(opened(), on_torch())
    assert not list(tmp_path.rglob("*.bin"))
    assert "what is installed makes others than graphs.json names" in caplog.text


@pytest.mark.parametrize("name", ["pnet.bin", "onet.xml"])
def test_a_damaged_cache_is_made_anew(cached, opened, made, name, calls):
    (cached / name).write_bytes((cached / name).read_bytes()[:-7])
    assert same(opened(), on_torch())
    assert len(calls) == 1
    assert (cached / name).read_bytes() == (made / name).read_bytes()


def test_a_cache_that_cannot_be_written_to(opened, calls, tmp_path, monkeypatch):
    monkeypatch.setattr("explorer.faces.mtcnn.networks.CACHE", tmp_path / "file" / "below")
    (tmp_path / "file").write_text("no folder")
    assert same(opened(), on_torch())


def test_torch_where_graphs_cannot_be_made(opened, never_made, caplog):
    assert same(opened(), on_torch())
    assert "MTCNN runs on torch" in caplog.text


def test_torch_where_there_is_no_openvino(cached, opened, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert same(opened(), on_torch())
    assert "MTCNN runs on torch" in caplog.text
