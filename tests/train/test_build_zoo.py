import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import torch

from model_zoo.loading import load
from model_zoo.manifest import read_manifest
from tests.support.fakes import TINY, crop
from train.build_zoo import build, plan
from train.errors import BadRun
from train.trainer import loop
from train.trainer.recipes import RECIPES, Recipe

pytestmark = pytest.mark.heavy  # networks are trained

ROOT = Path(__file__).resolve().parents[2]


def test_a_zoo_of_two_from_nothing(releaser, capsys):
    assert plan(["lite0_kd"], releaser) == ["lite0", "lite0_kd"]
    build(["lite0_kd"], releaser)
    manifest = read_manifest(releaser.recipe_runner.release)
    assert list(manifest.variants) == ["lite0", "lite0_kd"]
    row = manifest["lite0_kd"]
    assert {"auc", "accuracy", "log_loss", "eer", "average_precision", "ece"} <= set(row.metrics["test"])
    assert row.metrics["test"]["items"] == 16
    assert set(row.metrics["test"]["per_category"]) == {"real", "fake"}
    assert row.metrics["latency"]["median_ms"] > 0
    assert 0 < row.threshold < 1
    assert row.training["recipe"]["teacher"] == "lite0"
    assert load("lite0_kd", releaser.recipe_runner.release).facts == row
    assert plan(["lite0", "lite0_kd"], releaser) == []  # nothing is made twice
    build(["lite0_kd"], releaser)
    assert "nothing, all is done" in capsys.readouterr().out


def test_an_interrupted_build_keeps_what_is_finished_and_goes_on(releaser, monkeypatch):
    build(["lite0"], releaser)
    stamp = (releaser.recipe_runner.release / "lite0" / "model.safetensors").stat().st_mtime_ns
    step, calls = loop._step, []

    def full_disk_at_the_third(*args):
        calls.append(1)
        if len(calls) == 3:
            raise BadRun("last.pt cannot be written (No space left on device)")
        return step(*args)

    monkeypatch.setattr(loop, "_step", full_disk_at_the_third)
    with pytest.raises(BadRun, match="No space left"):
        build(["lite0_kd"], releaser)
    assert list(read_manifest(releaser.recipe_runner.release).variants) == ["lite0"]
    monkeypatch.undo()
    monkeypatch.setitem(RECIPES, "lite0", Recipe("lite0", "lite0", start="xavier", **TINY))
    assert plan(["lite0"], releaser) == []
    assert (releaser.recipe_runner.release / "lite0" / "model.safetensors").stat().st_mtime_ns == stamp


def test_another_recipe_is_made_anew(releaser, monkeypatch):
    build(["lite0"], releaser)
    monkeypatch.setitem(RECIPES, "lite0", Recipe("lite0", "lite0", start="xavier", **TINY | {"epochs": 2}))
    assert plan(["lite0"], releaser) == ["lite0"]
    with pytest.raises(BadRun, match="belongs to another recipe"):
        build(["lite0"], releaser)


def test_a_missing_teacher_is_named(releaser, monkeypatch):
    orphan = Recipe("lite0_kd", "lite0_kd", start="xavier", teacher="b0", alpha=0.25, **TINY)
    with pytest.raises(BadRun, match=r"b0 is neither in .* nor in the release .* --only b0"):
        releaser.recipe_runner.make(orphan)


def test_int8_needs_its_float_twin_first(releaser):
    assert plan(["lite0_kd_int8"], releaser) == ["lite0", "lite0_kd", "lite0_kd_int8"]


def test_the_released_weights_are_calibrated(releaser):
    build(["lite0"], releaser)
    raw = releaser.recipe_runner.finished("lite0", "lite0").eval()
    crops = torch.full((1, 160, 160, 3), 128, dtype=torch.uint8)
    temperature = read_manifest(releaser.recipe_runner.release)["lite0"].training["temperature"]
    released = load("lite0", releaser.recipe_runner.release).detector
    with torch.inference_mode():
        assert released(crops)[0].item() == pytest.approx(raw(crops)[0].item() / temperature, abs=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--data", "nowhere"], "nowhere/train.parquet does not exist"),
        (["--data", "DATA", "--only", "b0"], "name the ImageNet weights"),
    ],
)
def test_what_is_wrong_is_one_sentence(data, tmp_path, options, message):
    options = [str(data) if option == "DATA" else option for option in options]
    places = ["--checkpoints", tmp_path / "c", "--release", tmp_path, "--portraits", _portraits(tmp_path)]
    command = [sys.executable, "train/build_zoo.py", *options, *map(str, places)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert found.stderr.strip().splitlines()[-1].startswith("error: ")
    assert message in found.stderr
    assert "Traceback" not in found.stderr


def _portraits(folder: Path) -> Path:
    rows = [{"name": str(i), "landmarks": [0.0] * 10, "image": {"bytes": crop(9, i), "path": None}} for i in range(2)]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "portraits.parquet")
    return folder / "portraits.parquet"


def test_the_bundled_zoo_says_how_it_was_made():
    for row in read_manifest().variants.values():
        assert row.training, row.name
        assert json.dumps(row.training)
