"""What the page consists of, and what it reads first."""

import json
import re

import pytest

from explorer.device import site
from explorer.device.parts import CDN, GRAPHS, RUNTIME
from explorer.device.site import MISSING, PAGE, served_files, site_files
from model_zoo.files import sha256_of
from model_zoo.hub import bundled_zoo
from model_zoo.manifest import RELEASE

SUMS = dict.fromkeys((*RUNTIME, *GRAPHS), "ab" * 32)


@pytest.fixture
def examples(tmp_path):
    path = tmp_path / "portrait_forged.mp4"
    path.write_bytes(b"clip")
    return {"Forged face": path}


def test_every_file_that_is_fetched_is_named_with_its_sum(tmp_path, examples):
    files = site_files(bundled_zoo(), SUMS, tmp_path, examples)
    device = json.loads(files["device.json"])
    named = [*device["runtime"].values(), *device["finder"].values(), *device["examples"]]
    named += [file for variant in device["variants"] for file in variant["files"]]
    assert {each["path"] for each in named} | {path.name for path in PAGE.iterdir()} | {"device.json"} == set(files)
    assert all(re.fullmatch("[0-9a-f]{64}", each["sha256"]) for each in named)
    weights = next(each for each in named if each["path"] == "zoo/lite0_kd/model.safetensors")
    assert weights["sha256"] == sha256_of(RELEASE / "lite0_kd" / "model.safetensors")
    assert (device["zoo"]["source"], device["examples"][0]["truth"]) == ("bundled", "forged")


def test_a_variants_row_is_what_the_manifest_says(tmp_path, examples):
    rows = json.loads(site_files(bundled_zoo(), SUMS, tmp_path, examples)["device.json"])["variants"]
    [row] = [row for row in rows if row["name"] == "lite0_kd_p35_int8"]
    assert (row["inputSize"], row["ticked"], [file["path"] for file in row["files"]]) == (
        160, True, ["zoo/lite0_kd_p35_int8/model.onnx"],
    )  # fmt: skip
    assert sum(row["ticked"] for row in rows) == 1


def test_a_published_page_takes_the_runtime_from_elsewhere(tmp_path, examples):
    files = site_files(bundled_zoo(), SUMS, tmp_path, examples, CDN)
    runtime = json.loads(files["device.json"])["runtime"]
    assert runtime["ort.wasm.min.mjs"]["path"] == f"{CDN}ort.wasm.min.mjs"
    assert {path for path in files if path.startswith("parts/")} == {f"parts/{name}" for name in GRAPHS}
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', (PAGE / "index.html").read_text())
    assert policy and f"connect-src 'self' {CDN.removesuffix('dist/')};" in policy[1]


def test_without_the_parts_the_page_says_so_and_once_they_are_there_works(tmp_path, examples, monkeypatch):
    found = [None, SUMS]
    monkeypatch.setattr(site, "parts", lambda: found.pop(0))
    files = served_files(bundled_zoo(), examples)
    assert json.loads(files()["device.json"]) == {"missing": MISSING}
    assert "variants" in json.loads(files()["device.json"])
