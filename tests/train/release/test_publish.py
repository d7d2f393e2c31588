"""A release pushed over HTTP by a process of its own."""

import pytest

from tests.support.hub.oidc import IDENTITY

REPO = "maker/zoo"
PUBLISH = """
import sys
from pathlib import Path
from model_zoo.errors import HubError
from train.release.publish import publish
folder = Path(sys.argv[2])
files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
try:
    print(publish(sys.argv[1], files, "a release", private="private" in sys.argv, tag=sys.argv[3] or None))
except HubError as error:
    sys.exit(f"error: {error}")
"""


@pytest.fixture
def push(ask_hub, small_release):
    """publish() in another process: its last line, or the one sentence that it ended with."""

    def push(repo=REPO, tag="", *words, **environment) -> str:
        done = ask_hub("-c", PUBLISH, repo, small_release, tag, *words, **environment)
        assert "Traceback" not in done.stderr, done.stderr
        assert (done.returncode == 0) == ("error: " not in done.stderr)
        return (done.stderr if done.returncode else done.stdout).strip().splitlines()[-1]

    return push


def test_only_what_changed_is_uploaded(hub, push, small_release):
    push()
    graph = small_release / "lite0_kd_p40" / "model.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    (small_release / "lite0_kd_p40_int8" / "config.json").unlink()
    assert "changed=True" in push()
    assert len(hub.uploads) == 4
    assert "lite0_kd_p40_int8/config.json" not in hub.repos["model", REPO].commits[-1].files


def test_a_push_that_dies_leaves_the_old_revision_in_force(hub, push, small_release):
    push()
    old = hub.repos["model", REPO].branches["main"]
    graph = small_release / "lite0_kd_p40_int8" / "model.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    hub.fail("POST", r"/commit/", drop_after=10)
    assert "the Hub cannot be reached" in push()
    assert hub.repos["model", REPO].branches["main"] == old
    uploaded = len(hub.uploads)
    assert "changed=True" in push()
    assert len(hub.uploads) == uploaded  # the blob had arrived


def test_an_upload_cut_short_is_repeated(hub, push):
    hub.fail("PUT", r"/lfs/", drop_after=1000)
    hub.fail("PUT", r"/lfs/", status=500)
    assert "changed=True" in push()


def test_a_tag_of_another_release_is_refused_before_anything_is_sent(hub, push, small_release):
    push(REPO, "v1")
    old = hub.repos["model", REPO].branches["main"]
    assert "changed=False" in push(REPO, "v1")
    manifest = small_release / "manifest.json"
    manifest.write_text(manifest.read_text() + "\n")
    assert "the tag v1 names an earlier release already; choose another" in push(REPO, "v1")
    assert hub.repos["model", REPO].branches["main"] == old
    hub.fail("POST", r"/tag/", status=500)
    assert "the Hub answered 500" in push(REPO, "v2")
    assert "changed=False" in push(REPO, "v2")  # the commit was made; the tag follows
    assert hub.repos["model", REPO].tags["v2"] == hub.repos["model", REPO].branches["main"] != old


@pytest.mark.parametrize(
    ("repo", "token", "why"),
    [
        (REPO, "", "the token is missing or not valid"),
        (REPO, "hf_wrong", "the token is missing or not valid"),
        (REPO, "hf_reader", "the token lacks the right"),
        ("somebody/zoo", "hf_maker", "the token lacks the right"),
        ("a b/c", "hf_maker", "not a repository name"),
    ],
)
def test_what_may_not_be_is_one_sentence(hub, push, repo, token, why):
    assert why in push(repo, HF_TOKEN=token)
    assert not any(len(known.commits) > 1 for known in hub.repos.values())


def test_a_name_that_is_somebody_else_s(hub, push):
    push()
    assert "the token lacks the right" in push(HF_TOKEN="hf_reader")


@pytest.mark.parametrize("path", [r"/api/whoami", r"/api/repos/create", r"/commit/"])
@pytest.mark.parametrize(("fault", "why"), [({"status": 500}, "the Hub answered 500"), ({"drop_after": 0}, "reached")])
def test_a_broken_hub_is_one_sentence(hub, push, path, fault, why):
    for method in ("GET", "POST"):
        hub.fail(method, path, **fault, times=100)
    assert why in push()


def test_a_silent_hub_is_one_sentence(hub, push):
    hub.fail("POST", r"/commit/", stall=100)
    assert "did not answer in time" in push(HF_HUB_DOWNLOAD_TIMEOUT="1")


def test_no_network_is_one_sentence(hub, push):
    hub.stop()
    assert "cannot be reached" in push()
    assert "offline mode is on" in push(HF_HUB_OFFLINE="1")


def test_a_private_repository(hub, push):
    push(REPO, "", "private")
    assert hub.repos["model", REPO].private


def test_a_workflow_pushes_with_a_token_of_its_own_for_a_repository_that_is_there(hub, push, small_release):
    push()
    (small_release / "manifest.json").write_text("{}")
    hub.fail("GET", r"/whoami", status=401, times=9)  # which such a token may not ask
    hub.fail("POST", r"/repos/create", status=403, times=9)
    assert "changed=True" in push(HF_TOKEN="", HF_OIDC_RESOURCE=REPO, HF_OIDC_ID_TOKEN=IDENTITY)
    said = push(HF_TOKEN="", HF_OIDC_RESOURCE=REPO)
    assert said.startswith(f"error: {REPO}: ") and "HF_OIDC_ID_TOKEN" in said
