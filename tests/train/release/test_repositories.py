"""A repository per variant, over HTTP against a Hub on loopback, and what its card says to do."""

import json
import shutil

import cv2
import numpy as np
import pytest

from explorer.inference.engines import GRAPH_ENGINES
from explorer.verdicts import probabilities
from model_zoo.files import sha256_of
from model_zoo.loading import load
from model_zoo.manifest import RELEASE, Manifest, read_manifest, write_manifest
from train.release.hub_card import snippets
from train.release.repositories import example, repository_files, repository_of

NAMES = ("lite0_kd", "lite0_kd_p40", "lite0_kd_p40_int8")  # dense, pruned, int8


@pytest.fixture
def three(small_release):
    shutil.copytree(RELEASE / "lite0_kd", small_release / "lite0_kd")
    write_manifest(Manifest({name: read_manifest(RELEASE)[name] for name in NAMES}), small_release)
    return small_release


def test_a_repository_has_files_of_its_own():
    manifest = read_manifest()
    files = repository_files(manifest, manifest["lite0_kd_p35"], RELEASE, "maker/zoo")
    assert sorted(files) == [
        ".eval_results/dfdc-faces.yaml", "README.md", "config.json", "example.jpg", "model.onnx", "model.safetensors",
    ]  # fmt: skip
    config = json.loads(files["config.json"])
    features = config["num_features"]
    assert features == config["widths"]["classifier"][1] < 1280  # pruned
    assert repository_of("maker", "lite0_kd_p35") == "maker/deepfake-lite0-kd-p35"
    int8 = json.loads(repository_files(manifest, manifest["lite0_kd_p35_int8"], RELEASE, "maker/zoo")["config.json"])
    assert (int8["quantized_from"], int8["num_features"]) == ("lite0_kd_p35", features)


@pytest.mark.heavy
def test_what_the_cards_say_to_do_works(hub, ask_hub, three):
    command = ("train/push_zoo.py", "--repo", "maker/zoo", "--release", three, "--each", "--space", "maker/explorer")
    done = ask_hub(*command)
    assert done.returncode == 0, done.stderr
    repositories = [repository_of("maker", name) for name in NAMES]
    [collection] = hub.collections.values()
    assert [item["id"] for item in collection["items"]] == ["maker/zoo", *repositories]
    pushed = [hub.repos["model", repo].commits[-1].files for repo in repositories]
    code = "\n".join(snippet for files in pushed for snippet in snippets(files["README.md"].decode()))
    ran = ask_hub("-c", code)
    assert ran.returncode == 0, ran.stderr
    said = [float(line.removeprefix("p_fake ")) for line in ran.stdout.splitlines() if line.startswith("p_fake ")]
    face = cv2.cvtColor(cv2.imdecode(np.frombuffer(example(160), np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    ours = [GRAPH_ENGINES["onnxruntime"](load(name, three).graph)(face[None])[0] for name in NAMES]
    np.testing.assert_allclose(said, probabilities(np.concatenate(ours)), atol=2e-3)
    again = ask_hub(*command)
    assert again.stdout.count("nothing has changed") == 4 and len(collection["items"]) == 4


def test_the_example_is_the_same_each_time(tmp_path):
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(example(160))
    assert sha256_of(tmp_path / "a.jpg") == sha256_of(tmp_path / "b.jpg")
