"""The stand-in Hub as the real huggingface_hub finds it, which runs in another process."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from random import Random

import pytest

from tests.support.hub.server import HubServer

WEIGHTS = Random(0).randbytes(300_000)
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()
ID = "maker/zoo"

PREAMBLE = """
import json, random
from pathlib import Path
from huggingface_hub import *
from huggingface_hub.hf_api import RepoFolder

api, ID, weights = HfApi(), "maker/zoo", random.Random(0).randbytes(300_000)
FILES = {"weights/lite0.safetensors": weights, "README.md": b"---\\ntags: [video]\\n---\\n# Zoo"}

def push(files=FILES, **options):
    additions = [CommitOperationAdd(path, content) for path, content in files.items()]
    return api.create_commit(ID, additions, commit_message="Weights", **options)

def fails(call, *args, **options):
    try:
        call(*args, **options)
    except Exception as error:
        return [type(error).__name__, getattr(getattr(error, "response", None), "status_code", None)]

def pulled(**options):
    folder = Path(snapshot_download(ID, **options))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
"""


@pytest.fixture
def hub():
    with HubServer() as hub:
        yield hub


@pytest.fixture
def client(hub, tmp_path):
    """client(script, token) -> what a process with this token and an empty cache prints as JSON."""

    def run(script: str, token: str | None = "hf_maker"):
        environment = {
            "HF_ENDPOINT": hub.url,
            "HF_HOME": tempfile.mkdtemp(dir=tmp_path),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "NO_PROXY": "127.0.0.1",
            "PATH": os.environ["PATH"],
        }
        if token:
            environment["HF_TOKEN"] = token
        command = [sys.executable, "-c", PREAMBLE + script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def filled(hub, client):
    """The Hub with ID in it: one LFS file and one regular one, tagged v1."""
    client("api.create_repo(ID); print(json.dumps(push().oid)); api.create_tag(ID, tag='v1')")
    return hub


def test_what_is_pushed_is_pulled(filled, client):
    repo = filled.repos["model", ID]
    first, second = repo.commits
    assert (first.message, second.message, list(first.files)) == ("initial commit", "Weights", [".gitattributes"])
    assert second.files["weights/lite0.safetensors"] == WEIGHTS
    assert repo.branches == {"main": second.sha} and repo.tags == {"v1": second.sha}
    assert filled.uploads == [SHA256]
    answer = client("""
files = pulled(revision="v1")
info = api.model_info(ID, revision=api.list_repo_refs(ID).tags[0].target_commit[:7], files_metadata=True)
[folder] = [entry for entry in api.list_repo_tree(ID, expand=True) if isinstance(entry, RepoFolder)]
[file] = api.get_paths_info(ID, ["weights/lite0.safetensors", "absent"])
print(json.dumps({
    "pulled": sorted(files), "same": files["weights/lite0.safetensors"] == weights,
    "sha": info.sha, "tags": info.tags, "sizes": {sibling.rfilename: sibling.size for sibling in info.siblings},
    "folder": [folder.path, folder.last_commit.title], "lfs": [file.lfs.sha256, file.lfs.size],
    "settled": [fails(api.create_repo, ID, exist_ok=True), fails(api.create_tag, ID, tag="v1", exist_ok=True)],
    "exists": fails(api.create_repo, ID), "tagged": fails(api.create_tag, ID, tag="v1"),
    "untagged": api.delete_tag(ID, tag="v1"), "user": api.whoami()["name"],
}))
""")
    assert answer["pulled"] == [".gitattributes", "README.md", "weights/lite0.safetensors"]
    assert answer["same"] and answer["sha"] == second.sha and answer["tags"] == ["video"]
    assert answer["sizes"] == {path: len(content) for path, content in second.files.items()}
    assert answer["folder"] == ["weights", "Weights"]
    assert answer["lfs"] == [SHA256, len(WEIGHTS)] and answer["user"] == "maker"
    assert answer["settled"] == [None, None]
    assert answer["exists"] == answer["tagged"] == ["HfHubHTTPError", 409]
    assert repo.tags == {}


def test_only_what_changed_is_committed(filled, client):
    answer = client("""
same, head = push().oid, api.model_info(ID).sha
operations = [CommitOperationAdd("b.onnx", weights), CommitOperationDelete("weights/")]
moved = api.create_commit(ID, operations, commit_message="Move")
print(json.dumps([same == head, moved.oid, fails(push, {"c.txt": b"c"}, parent_commit=head)]))
""")
    repo = filled.repos["model", ID]
    assert answer == [True, repo.branches["main"], ["HfHubHTTPError", 412]]
    assert [commit.message for commit in repo.commits] == ["initial commit", "Weights", "Move"]
    assert sorted(repo.commits[-1].files) == [".gitattributes", "README.md", "b.onnx"]
    assert filled.uploads == [SHA256]


def test_each_refusal_has_the_clients_own_exception(filled, client):
    script = """
print(json.dumps({
    "create": fails(api.create_repo, "maker/other"), "push": fails(push), "tag": fails(api.create_tag, ID, tag="v2"),
    "read": fails(api.model_info, ID), "repo": fails(api.model_info, "maker/absent"),
    "revision": fails(snapshot_download, ID, revision="absent"), "file": fails(hf_hub_download, ID, "absent"),
}))
"""
    absent = {"revision": ["RevisionNotFoundError", 404], "file": ["RemoteEntryNotFoundError", 404]}
    refused = {action: ["HfHubHTTPError", 403] for action in ("create", "push", "tag")}
    assert client(script, "hf_reader") == refused | absent | {"read": None, "repo": ["RepositoryNotFoundError", 404]}
    assert set(map(tuple, client(script, "hf_stranger").values())) == {("HfHubHTTPError", 401)}
    missing = ["RepositoryNotFoundError", 401]
    refused = {"create": ["HfHubHTTPError", 401], "push": missing, "tag": missing}
    assert client(script, None) == refused | absent | {"read": None, "repo": missing}


def test_a_private_repository_is_not_admitted_to(hub, client):
    script = "print(json.dumps([fails(api.model_info, ID), fails(snapshot_download, ID), fails(push)]))"
    assert client("api.create_repo(ID, private=True); push(); " + script) == [None] * 3
    assert client(script, "hf_reader") == [["RepositoryNotFoundError", 404]] * 3
    assert client(script, None) == [["RepositoryNotFoundError", 401]] * 3


def test_a_space_keeps_variables_and_secrets(hub, client):
    answer = client("""
api.create_repo(ID, repo_type="space", space_sdk="gradio")
commit = api.upload_file(path_or_fileobj=b"app", path_in_repo="app.py", repo_id=ID, repo_type="space")
api.add_space_variable(ID, "ZOO", "maker/models")
api.add_space_variable(ID, "GONE", "1")
api.add_space_secret(ID, "KEY", "hidden")
api.delete_space_variable(ID, "GONE")
print(json.dumps([
    Path(hf_hub_download(ID, "app.py", repo_type="space")).read_text(), api.space_info(ID).sdk, commit.oid,
    [variable.value for variable in api.get_space_variables(ID).values()], list(api.get_space_secrets(ID)),
]))
""")
    repo = hub.repos["space", ID]
    assert answer == ["app", "gradio", repo.branches["main"], ["maker/models"], ["KEY"]]
    assert repo.variables == {"ZOO": "maker/models"} and repo.secrets == {"KEY": "hidden"}
    assert sorted(repo.commits[-1].files) == [".gitattributes", "README.md", "app.py"]


def test_faults_happen_as_often_as_asked(filled, client):
    filled.fail("GET", r"lite0\.safetensors", drop_after=1000)
    filled.fail("PUT", r"/lfs/", drop_after=1000)
    filled.fail("PUT", r"/lfs/", status=500)
    answer = client("""
from huggingface_hub import constants
constants.DOWNLOAD_CHUNK_SIZE = 100  # by default nothing under 10 MB is kept of a dropped answer
print(json.dumps([pulled()["weights/lite0.safetensors"] == weights, push({"b.onnx": weights[::-1]}).oid]))
""")
    assert answer == [True, filled.repos["model", ID].branches["main"]]
    assert filled.uploads == [SHA256, hashlib.sha256(WEIGHTS[::-1]).hexdigest()]
    assert [method for method, path in filled.requests if path.startswith("/lfs/")] == ["PUT"] * 4
    assert [method for method, path in filled.requests if "resolve/" in path and "lite0" in path] == [
        "HEAD",
        "GET",
        "GET",
    ]


def test_a_range_is_answered_with_its_bytes(filled):
    url = f"{filled.url}/{ID}/resolve/main/weights/lite0.safetensors"
    asked = {"bytes=1000-": WEIGHTS[1000:], "bytes=10-19": WEIGHTS[10:20], "bytes=-7": WEIGHTS[-7:]}
    for value, expected in asked.items():
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Range": value})) as answer:
            assert (answer.status, answer.read()) == (206, expected)
    with pytest.raises(urllib.error.HTTPError, match="416"):
        urllib.request.urlopen(urllib.request.Request(url, headers={"Range": f"bytes={len(WEIGHTS)}-"}))


def test_an_upload_that_is_not_its_sha256_is_no_upload(filled):
    request = urllib.request.Request(f"{filled.url}/lfs/{'0' * 64}", b"something else", method="PUT")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)
    assert filled.uploads == [SHA256]


def test_a_killed_hub_comes_back_with_its_contents(filled, client):
    filled.fail("GET", r"/api/", stall=60)
    script = f"import urllib.request; urllib.request.urlopen('{filled.url}/api/models/{ID}')"
    with subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) as asking:
        while filled.requests[-1] != ("GET", f"/api/models/{ID}"):
            assert asking.poll() is None
            time.sleep(0.01)
        filled.stop()
        assert b"RemoteDisconnected" in asking.communicate(timeout=10)[1]
    assert client("print(json.dumps(fails(api.model_info, ID)))") == ["ConnectError", None]
    filled.start()
    assert client("print(json.dumps(pulled()['weights/lite0.safetensors'] == weights))")
