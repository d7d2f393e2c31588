"""What is published as a Space, and the command that does it."""

import hashlib
import json

import pytest
from huggingface_hub import SpaceCard

from train.push_space import ROOT, space_files

ZOO = "maker/zoo"
NOT_FETCHED = {".gitattributes", "lite0_kd_p40/README.md", "lite0_kd_p40_int8/README.md"}


def test_the_front_matter_is_what_spaces_want():
    card = SpaceCard(space_files("maker/explorer", ZOO)["README.md"].decode()).data.to_dict()
    pinned = dict(line.split("==") for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    assert (card["sdk"], card["app_file"], card["models"]) == ("gradio", "app.py", [ZOO])
    assert card["sdk_version"] == pinned["gradio[mcp]"]
    assert (card["python_version"], card["suggested_hardware"]) == ("3.11", "cpu-basic")
    assert 0 < len(card["short_description"]) <= 60  # what the Hub takes


def test_only_what_serves_is_published():
    files = space_files("maker/explorer", ZOO)
    assert {path.split("/")[0] for path in files} == {
        "app.py", "explorer", "model_zoo", "docs", "benchmarks",
        "requirements.txt", "README.md", "LICENSE", "THIRD_PARTY.md",
    }  # fmt: skip
    assert {"model_zoo/release/manifest.json", "explorer/pages/compare.py"} <= set(files)
    assert {path for path in files if path.startswith("benchmarks") and path.endswith(".py")} == set()
    assert not any("__pycache__" in path for path in files)


def test_the_requirements_name_pytorchs_own_index_and_all_packages():
    index, *pins = space_files("maker/explorer", ZOO)["requirements.txt"].decode().splitlines()
    assert index == "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert pins == (ROOT / "requirements.txt").read_text().splitlines()


def test_the_command(hub, ask_hub, publish, small_release):
    pinned = publish(ZOO, small_release)
    done = ask_hub("train/push_space.py", "--repo", "maker/explorer", "--zoo", ZOO)
    assert done.returncode == 0, done.stderr
    assert f"it serves maker/zoo at {pinned}" in done.stdout
    space = hub.repos["space", "maker/explorer"]
    assert space.sdk == "gradio"
    assert space.variables == {"ZOO_REPO": ZOO, "ZOO_REVISION": pinned}
    assert {"app.py", "README.md"} <= set(space.commits[-1].files)
    card = SpaceCard(space.commits[-1].files["README.md"].decode()).data.to_dict()
    assert card["models"] == [ZOO] and card["tags"] and card["datasets"]
    assert card["thumbnail"].endswith("/spaces/maker/explorer/resolve/main/benchmarks/pictures/compare.jpg")
    [preload] = card["preload_from_hub"]
    repo, files, revision = preload.split()
    assert (repo, revision) == (ZOO, pinned)
    assert set(files.split(",")) == set(hub.repos["model", ZOO].commits[-1].files) - NOT_FETCHED


@pytest.mark.heavy
def test_the_static_page_with_the_zoos_files_at_one_commit(hub, ask_hub, publish, small_release, examples):
    pinned = publish(ZOO, small_release)
    folder = next(iter(examples.values())).parent
    done = ask_hub(
        "train/push_space.py",
        "--static",
        "--repo",
        "maker/device",
        "--zoo",
        ZOO,
        EXPLORER_CACHE=str(folder.parent / "device"),
    )
    assert done.returncode == 0, done.stderr
    assert f"it holds maker/zoo at {pinned}" in done.stdout
    space = hub.repos["space", "maker/device"]
    files = space.commits[-1].files
    assert space.sdk == "static"
    card = SpaceCard(files["README.md"].decode()).data.to_dict()
    assert (card["sdk"], card["app_file"], card["models"]) == ("static", "index.html", [ZOO])
    assert card["custom_headers"]["cross-origin-embedder-policy"] == "require-corp"
    assert len(card["short_description"]) <= 60
    device = json.loads(files["device.json"])
    assert device["zoo"] == {"source": ZOO, "revision": pinned}
    assert {row["name"] for row in device["variants"]} == {"lite0_kd_p40", "lite0_kd_p40_int8"}
    named = [
        *device["finder"].values(),
        *device["examples"],
        *(file for row in device["variants"] for file in row["files"]),
    ]
    assert all(hashlib.sha256(files[each["path"]]).hexdigest() == each["sha256"] for each in named)
    assert not any(path.endswith((".wasm", ".mjs", ".py")) for path in files)


def test_without_its_zoo_nothing_is_published(hub, ask_hub):
    done = ask_hub("train/push_space.py", "--repo", "maker/explorer", "--zoo", ZOO)
    assert (done.returncode, len(hub.repos)) == (1, 0)
    assert done.stderr.strip().splitlines()[-1] == (
        "error: maker/zoo at main: there is no such repository, or the token (HF_TOKEN) may not see it"
    )
