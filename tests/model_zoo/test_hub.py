"""The zoo pulled from a Hub, over HTTP, by a process of its own."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from explorer.inference.engines import GRAPH_ENGINES
from model_zoo import hub as hub_module
from model_zoo.errors import BadManifest
from model_zoo.loading import load
from tests.support.hub.server import HubServer

REPO = "maker/zoo"
PULL = """
import json, sys
from pathlib import Path
from model_zoo.hub import choose_zoo
zoo = choose_zoo(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
print(json.dumps([str(zoo.release), zoo.source, zoo.revision, zoo.note]))
"""


@dataclass
class Pulled:
    release: Path
    source: str
    revision: str
    note: str


@pytest.fixture
def pull(hub, ask_hub, tmp_path):
    """Choose a zoo in another process, with a cache that lasts as long as the test."""

    def pull(revision="main", repo=REPO, **environment) -> Pulled:
        done = ask_hub("-c", PULL, repo, revision, tmp_path / "zoos", **environment)
        assert done.returncode == 0, done.stderr
        release, *rest = json.loads(done.stdout.splitlines()[-1])
        return Pulled(Path(release), *rest)

    return pull


@pytest.fixture
def first(hub, publish, small_release) -> str:
    """The commit of a first release on the Hub."""
    return publish(REPO, small_release)


def downloads(hub: HubServer) -> list[str]:
    return [path for method, path in hub.requests if method == "GET" and "/resolve/" in path]


def test_a_pulled_zoo_says_the_same_and_is_fetched_once(hub, pull, first, small_release, random_crops):
    pulled = pull()
    assert (pulled.source, pulled.revision, pulled.note) == (REPO, first, "")
    for name in ("lite0_kd_p40", "lite0_kd_p40_int8"):
        expected = GRAPH_ENGINES["openvino"](load(name, small_release).graph)(random_crops)[0]
        logits = GRAPH_ENGINES["openvino"](load(name, pulled.release).graph)(random_crops)[0]
        np.testing.assert_array_equal(logits, expected)
    fetched = len(downloads(hub))
    assert pull() == pulled
    assert len(downloads(hub)) == fetched


def test_new_and_pinned_revisions_both_load(hub, pull, first, publish, small_release):
    pull()
    second = publish(REPO, without_int8(small_release))
    before = len(downloads(hub))
    new, old = pull(), pull(first)
    assert [new.revision, old.revision] == [second, first]
    assert not any("safetensors" in path for path in downloads(hub)[before:])  # those have not changed
    load("lite0_kd_p40_int8", old.release)
    assert not (new.release / "lite0_kd_p40_int8").exists()


def test_offline_with_and_without_a_cache(hub, pull, first):
    assert pull(HF_HUB_OFFLINE="1").source == "bundled"
    pulled = pull()
    hub.stop()
    for environment, why in ({}, "cannot be reached"), ({"HF_HUB_OFFLINE": "1"}, "offline mode is on"):
        kept = pull(**environment)
        assert (kept.release, kept.source, kept.revision) == (pulled.release, REPO, first)
        assert why in kept.note
        assert pull(first, **environment).note == ""  # a pinned commit needs no Hub
        assert pull("v9", **environment).source == "bundled"


def test_a_corrupt_file_is_removed_and_fetched_anew(hub, pull, first):
    files = hub.repos["model", REPO].commits[-1].files
    path = "lite0_kd_p40/model.safetensors"
    good = files[path]
    files[path] = good[:-1] + bytes([good[-1] ^ 1])
    pulled = pull()
    assert pulled.source == "bundled"
    assert "lite0_kd_p40/model.safetensors: sha256 is" in pulled.note
    files[path] = good
    assert pull().source == REPO


def test_a_bad_release_leaves_the_last_good_one_in_force(hub, pull, first, publish, small_release):
    good = pull()
    manifest = small_release / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema_version": 3', '"schema_version": 99'))
    publish(REPO, small_release)
    kept = pull()
    assert (kept.release, kept.revision) == (good.release, first)
    assert "schema 99, this version reads 2 and 3; update the explorer" in kept.note


@pytest.mark.parametrize("drop_after", [1000, 2_000_000])
def test_a_download_cut_short_is_resumed(hub, pull, first, drop_after):
    hub.fail("GET", r"lite0_kd_p40/model\.safetensors", drop_after=drop_after)
    assert pull().source == REPO


def test_a_hub_that_dies_while_it_gives(hub, pull, first):
    hub.fail("GET", r"/resolve/.*model\.safetensors", drop_after=1000, times=100)
    assert pull().source == "bundled"
    hub.stop()
    hub.start()
    hub.faults.clear()
    assert pull().source == REPO


@pytest.mark.parametrize(
    ("repo", "token", "why"),
    [
        ("maker/none", "hf_maker", "maker/none at main: there is no such repository"),
        (REPO, "hf_wrong", "the token is missing or not valid"),
        ("no name", "hf_maker", "not a repository name"),
    ],
)
def test_what_the_hub_refuses_is_said(pull, first, repo, token, why):
    pulled = pull(repo=repo, HF_TOKEN=token)
    assert pulled.source == "bundled"
    assert why in pulled.note


@pytest.mark.parametrize(("status", "why"), [(403, "lacks the right"), (500, "the Hub answered 500")])
def test_what_the_hub_answers_is_said(hub, pull, first, status, why):
    hub.fail("GET", r"/api/models/", status=status, times=100)
    assert why in pull().note


def test_a_hub_that_does_not_answer(hub, pull, first):
    hub.fail("GET", r"/api/models/", stall=60, times=100)
    assert "did not answer in time" in pull().note


def test_a_cache_that_cannot_be_written_to_is_said(pull, first, tmp_path):
    (tmp_path / "file").touch()
    pulled = pull(HF_HOME=str(tmp_path / "file" / "hf"))
    assert pulled.source == "bundled"
    assert pulled.note == f"{REPO} at main: Not a directory"


def test_a_manifest_that_was_damaged_here_is_fetched_anew(pull, first):
    manifest = pull().release / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(content.replace(b'"threshold": 0', b'"threshold": 1', 1))  # in the Hub's cache as well
    pulled = pull()
    assert pulled.source == "bundled"
    assert "manifest.json: sha256 of its rows is" in pulled.note
    assert (pull().source, manifest.read_bytes()) == (REPO, content)


def test_a_repository_that_is_no_zoo(hub, pull, publish, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("nothing")
    publish(REPO, tmp_path / "empty")
    assert "a file is missing there" in pull().note


def without_int8(release: Path) -> Path:
    """The release with its int8 variant taken out."""
    path = release / "manifest.json"
    content = json.loads(path.read_text())
    content["variants"] = [row for row in content["variants"] if not row["name"].endswith("_int8")]
    del content["sha256"]
    path.write_text(json.dumps(content))
    shutil.rmtree(release / "lite0_kd_p40_int8")
    return release


def test_of_two_instances_that_fetch_one_zoo_both_have_it(small_release, tmp_path, monkeypatch):
    folder, rename = tmp_path / "zoos" / "maker--zoo" / (40 * "a"), os.rename

    def later(staging: str, target: Path) -> None:
        if not target.exists():
            shutil.copytree(small_release, target)  # the other one was sooner
        rename(staging, target)

    monkeypatch.setattr(hub_module, "hf_hub_download", lambda _, path, revision: str(small_release / path))
    monkeypatch.setattr(os, "rename", later)
    hub_module._fetch(REPO, folder.name, folder)
    assert hub_module._is_here(folder)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_zoo_that_others_may_have_planted_is_not_served(small_release, tmp_path, monkeypatch):
    cache = tmp_path / "zoos"
    planted = cache / "maker--zoo" / (40 * "a")
    shutil.copytree(small_release, planted)
    monkeypatch.setattr(hub_module, "resolve", lambda *_: planted.name)
    assert hub_module.choose_zoo(REPO, "main", cache).release == planted
    cache.chmod(0o777)
    zoo = hub_module.choose_zoo(REPO, "main", cache)
    assert zoo.source == "bundled"
    assert zoo.note == f"{cache} cannot hold a zoo (others may write to it); set HF_HOME"


def test_what_a_killed_instance_left_is_swept_when_a_zoo_is_fetched(small_release, tmp_path, monkeypatch):
    folder = tmp_path / "zoos" / "maker--zoo" / (40 * "a")
    old, young = (folder.parent / f"partial-{age}" for age in ("old", "young"))
    for left in (old, young):
        left.mkdir(parents=True)
    os.utime(old, (0, 0))
    monkeypatch.setattr(hub_module, "hf_hub_download", lambda _, path, revision: str(small_release / path))
    hub_module._fetch(REPO, folder.name, folder)
    assert young.exists() and not old.exists() and hub_module._is_here(folder)


def test_a_folder_of_this_machine_comes_before_a_repository(small_release, tmp_path):
    zoo = hub_module.choose_zoo("user/zoo", folder=small_release)
    assert (zoo.release, zoo.source, zoo.here) == (small_release.resolve(), "local", True)
    with pytest.raises(BadManifest, match="cannot be read"):
        hub_module.choose_zoo(None, folder=tmp_path / "none")
