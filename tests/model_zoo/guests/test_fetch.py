import json
from pathlib import Path

import httpx2
import pytest
from huggingface_hub.errors import EntryNotFoundError

from model_zoo.errors import BadGuest, HubError
from model_zoo.guests import fetch as fetch_module
from model_zoo.guests.declared import Declared
from model_zoo.guests.fetch import fetch
from tests.support.guests import beside, onnx_graph, write_onnx_guest

REPO, COMMIT, MOST = "maker/tiny", "c" * 40, 10**6
FETCH = """
import json, sys
from pathlib import Path
from model_zoo.guests.declared import declared_guests
from model_zoo.guests.admission import admit
guests, refused = admit(declared_guests(sys.argv[1], Path("none")), Path(sys.argv[2]), int(sys.argv[3]))
print(json.dumps([[str(each.folder) for each in guests], [each.why for each in refused]]))
"""


@pytest.fixture
def hub_of(tmp_path, monkeypatch):
    """A Hub that gives the files of a folder at one commit; yields that folder and the names it was asked for."""
    folder, asked = write_onnx_guest(tmp_path / "hub"), []

    def size(url: str, timeout: float):
        path = folder / url.split(f"/resolve/{COMMIT}/")[1]
        if not path.is_file():
            raise EntryNotFoundError("404")
        return type("Metadata", (), {"size": path.stat().st_size})

    def download(repo: str, name: str, revision: str) -> str:
        asked.append(name)
        return str(folder / name)

    monkeypatch.setattr(fetch_module, "get_hf_file_metadata", size)
    monkeypatch.setattr(fetch_module, "hf_hub_download", download)
    monkeypatch.setattr(fetch_module, "resolve", lambda *_: COMMIT)
    return folder, asked


def test_only_declared_files_are_fetched_and_once(hub_of, tmp_path):
    folder, asked = hub_of
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    at, commit = fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)
    assert commit == COMMIT and asked == ["config.json", "preprocessor_config.json", "model.onnx"]
    assert sorted(path.name for path in at.iterdir()) == sorted([*asked, "sha256.json"])
    fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)
    assert len(asked) == 3


def test_a_description_of_gigabytes_is_not_fetched(hub_of, tmp_path, monkeypatch):
    folder, asked = hub_of
    monkeypatch.setattr(fetch_module, "MAX_ABOUT_BYTES", 300)
    (folder / "config.json").write_bytes(b" " * 301)
    with pytest.raises(BadGuest, match=r"config\.json has 0 MB, which no description needs"):
        fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)
    assert asked == []


def test_a_file_that_was_damaged_since_is_fetched_anew(hub_of, tmp_path):
    folder, asked = hub_of
    at, _ = fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)
    (at / "model.onnx").unlink()
    (at / "model.onnx").write_bytes(b"another")
    at, _ = fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)
    assert (at / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes() and len(asked) == 6


def test_a_file_by_name_and_weights_beside_it(hub_of, tmp_path):
    folder, _ = hub_of
    (folder / "onnx").mkdir()
    (folder / "onnx" / "model_fp16.onnx").write_bytes(beside(onnx_graph([1.0]), "model.data").SerializeToString())
    guest = Declared("tiny", REPO, file="onnx/model_fp16.onnx")
    with pytest.raises(BadGuest, match=r"has no onnx/model.data, where onnx/model_fp16.onnx keeps weights"):
        fetch(guest, tmp_path / "cache", MOST)
    (folder / "onnx" / "model.data").write_bytes(bytes(12))
    at, _ = fetch(guest, tmp_path / "cache", MOST)
    assert (at / "onnx" / "model.data").read_bytes() == bytes(12)
    assert at.name == f"{COMMIT}-onnx--model_fp16.onnx"


def test_too_many_bytes_are_refused_before_they_come(hub_of, tmp_path):
    _, asked = hub_of
    with pytest.raises(BadGuest, match="which EXPLORER_MAX_GUEST_BYTES sets"):
        fetch(Declared("tiny", REPO), tmp_path / "cache", 500)
    assert "model.onnx" not in asked and not list((tmp_path / "cache" / "guests" / "maker--tiny").glob(f"{COMMIT}*"))


@pytest.mark.parametrize(("gone", "why"), [("config.json", "has no config.json"), ("model.onnx", "model.safetensors")])
def test_what_is_missing_is_said(hub_of, tmp_path, gone, why):
    (hub_of[0] / gone).unlink()
    with pytest.raises(BadGuest, match=why):
        fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)


def test_out_of_reach_the_last_commit_is_used(hub_of, tmp_path, monkeypatch):
    at, _ = fetch(Declared("tiny", REPO), tmp_path / "cache", MOST)

    def gone(*_: str) -> str:
        raise httpx2.ConnectError("refused")

    monkeypatch.setattr(fetch_module, "resolve", gone)
    assert fetch(Declared("tiny", REPO), tmp_path / "cache", MOST) == (at, COMMIT)
    with pytest.raises(HubError, match="maker/tiny at v2: the Hub cannot be reached"):
        fetch(Declared("tiny", REPO, "v2"), tmp_path / "cache", MOST)


@pytest.mark.heavy
def test_guests_come_from_a_hub(hub, ask_hub, publish, tmp_path):
    commit = publish(REPO, write_onnx_guest(tmp_path / "tiny"))
    cache = tmp_path / "guests"
    done = ask_hub("-c", FETCH, f"{REPO}@{commit},maker/none", cache, MOST)
    assert done.returncode == 0, done.stderr
    [folder], [why] = json.loads(done.stdout.splitlines()[-1])
    assert Path(folder) == cache / "guests" / "maker--tiny" / commit
    assert why == "maker/none at main: there is no such repository, or the token (HF_TOKEN) may not see it"
    hub.stop()  # a pinned commit needs no Hub
    done = ask_hub("-c", FETCH, f"{REPO}@{commit}", cache, MOST)
    assert json.loads(done.stdout.splitlines()[-1])[0] == [folder]
