import json
import shutil
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import torch

from model_zoo.factory import build
from model_zoo.guests.admission import guest_of
from model_zoo.guests.declared import Declared
from model_zoo.guests.measured import row_of
from model_zoo.manifest import RELEASE, Manifest, Released, read_manifest, write_manifest
from model_zoo.variants import VARIANTS
from tests.support import fakes
from tests.support.guests import write_onnx_guest
from train import calibrate
from train.dataset.clips import Clip
from train.dataset.crop_set import encoded
from train.dataset.items import read_face_parquet
from train.dataset.tubes import LENGTH, SIDE
from train.evaluate import evaluate_elsewhere, evaluate_latency, evaluate_splits, main
from train.evaluation import measure as evaluation
from train.evaluation.measure import record
from train.release.package import put_into_release

pytestmark = pytest.mark.heavy  # networks are measured

DARK, BRIGHT = 30, 80  # logits of about -2 and 3 by fakes.runner


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Two rounds of a batch are enough to see that times are taken."""
    monkeypatch.setattr(evaluation, "ROUNDS", 2)
    monkeypatch.setattr(evaluation, "BATCHES_A_ROUND", 1)


def write_split(folder, split, levels, labels):
    folder.mkdir(exist_ok=True)
    rows = [
        {"video": f"v{i}", "label": label, "original": "v0", "image": {"bytes": fakes.crop(level, i), "path": None}}
        for i, (level, label) in enumerate(zip(levels, labels, strict=True))
    ]
    parquet.write_table(pa.Table.from_pylist(rows), folder / f"{split}.parquet")


@pytest.fixture
def data(tmp_path):
    """Eight real and eight fake crops a split; on the test split one fake is as dark as the real ones."""
    labels = [0] * 8 + [1] * 8
    write_split(tmp_path / "data", "validation", [DARK] * 8 + [BRIGHT] * 8, labels)
    write_split(tmp_path / "data", "test", [DARK] * 9 + [BRIGHT] * 7, labels)
    return tmp_path / "data"


@pytest.fixture
def release(tmp_path):
    """A release that knows of one variant, `steady`, without weights."""
    folder = tmp_path / "release"
    folder.mkdir()
    write_manifest(
        Manifest({"steady": Released("steady", "none", 32, "steady/model.onnx", {"steady/model.onnx": ""}, 0, 0, 0)}),
        folder,
    )
    return folder


def test_splits_are_measured_recorded_and_drawn(data, release, tmp_path, capsys):
    splits = {split: read_face_parquet(data, split) for split in ("validation", "test")}
    evaluate_splits(splits, {"steady": fakes.runner()}, release, tmp_path / "curves")
    metrics = read_manifest(release)["steady"].metrics
    assert set(metrics) == {"validation", "test"}  # no clips: every video has one item
    assert (metrics["validation"]["auc"], metrics["validation"]["accuracy"], metrics["validation"]["eer"]) == (1, 1, 0)
    assert metrics["test"]["accuracy"] == 0.9375  # 15 of 16
    assert metrics["test"]["per_category"] == {
        "fake": {"items": 8, "accuracy": 0.875},
        "real": {"items": 8, "accuracy": 1.0},
    }
    drawn = {path.name for path in (tmp_path / "curves").iterdir()}
    assert drawn == {"roc.png", "steady-confusion.png", "steady-reliability.png"}
    assert "accuracy 0.9375" in capsys.readouterr().out


def test_int8_is_compared_with_its_twin(data, release):
    splits = {"test": read_face_parquet(data, "test")}
    evaluate_splits(splits, {"steady": fakes.runner()}, release, twins={"steady": opposite()})
    assert read_manifest(release)["steady"].metrics["test"]["flips"] == 1.0


def opposite():
    """A detector that says of every crop the opposite of fakes.runner's."""
    steady = fakes.runner()
    return replace(steady, run=lambda crops: (-steady.run(crops)[0], steady.run(crops)[1]))


def elsewhere_clip(source, label, family, level, pair="1"):
    frames = tuple(fakes.crop(level, seed) for seed in range(2))
    return Clip(f"{source} {family} {pair}", label, family, source, "", pair, frames)


def test_clips_from_elsewhere_are_measured_by_group_and_the_held_out_ones_set_the_scope(release, capsys):
    held_out, calibration = "iperov/DeepFaceLive", "rizkiarm/LipNet"
    clips = [elsewhere_clip(held_out, 0, "real", DARK, str(i)) for i in range(10)]
    clips += [elsewhere_clip(held_out, 1, "swap", BRIGHT, str(i)) for i in range(10)]
    clips += [elsewhere_clip(calibration, 0, "real", BRIGHT)]
    evaluate_elsewhere(clips, {"steady": fakes.runner()}, release)
    row = read_manifest(release)["steady"]
    assert row.scope == {"swap": {"clips": 10, "auc": 1.0, "auc_interval": [1.0, 1.0], "better_than_chance": True}}
    assert row.metrics["elsewhere"]["live_swaps"]["auc"] == 1.0
    assert row.metrics["elsewhere_calibration"]["false_alarms"]["by_source"] == {
        calibration: {"clips": 1, "called_fake": 1}
    }
    printed = capsys.readouterr().out
    assert "calibration: rizkiarm/LipNet of one class: left out of every AUC, kept in false alarms" in printed
    assert "swap 1.000 (1.00-1.00, 10 clips, 100% caught, at 5 % 100%)" in printed


def test_what_a_face_costs_is_recorded_beside_the_splits(release, capsys):
    record("steady", {"test": {"auc": 0.5}}, release)
    evaluate_latency({"steady": fakes.runner()}, release)
    metrics = read_manifest(release)["steady"].metrics
    assert metrics["test"] == {"auc": 0.5}
    cost = metrics["latency"]
    assert cost["median_ms"] > 0
    assert cost["iqr_ms"] >= 0
    assert (cost["engine"], cost["batch"]) == ("none", 4)
    assert cost["cpu"]
    assert cost["threads"] >= 1
    assert f"{cost['median_ms']:.2f} ms per face" in capsys.readouterr().out


def test_record_keeps_others_and_drops_stale_clips(release):
    record("steady", {"test": {"auc": 0.5}, "test_clips": {"auc": 0.5}, "films": {"auc": 0.25}}, release)
    record("steady", {"test": {"auc": 0.12345678, "per_category": {"real": {"accuracy": 1 / 3}}}}, release)
    assert read_manifest(release)["steady"].metrics == {
        "test": {"auc": 0.123457, "per_category": {"real": {"accuracy": 0.333333}}},
        "films": {"auc": 0.25},
    }


@pytest.fixture(scope="module")
def lite0(tmp_path_factory):
    """A release with a copy of lite0 alone; opened once, for runners are kept."""
    folder = tmp_path_factory.mktemp("zoo")
    shutil.copytree(RELEASE / "lite0", folder / "lite0")
    write_manifest(Manifest({"lite0": read_manifest(RELEASE)["lite0"]}), folder)
    return folder


def test_the_command(data, lite0):
    main(["--data", str(data), "--release", str(lite0), "--engine", "torch", "--variant", "lite0", "--latency"])
    (row,) = json.loads((lite0 / "manifest.json").read_text())["variants"]
    test = row["metrics"]["test"]
    assert test["items"] == 16
    assert {key for key, value in test.items() if not isinstance(value, dict)} == {
        "items", "auc", "accuracy", "log_loss", "eer", "average_precision", "ece", "brier",
    }  # fmt: skip
    assert all(0 <= test[key] <= 1 for key in ("auc", "accuracy", "eer", "average_precision", "ece", "brier"))
    assert row["metrics"]["latency"]["engine"] == "torch"
    assert row["metrics"]["corruptions"]["crops"] == 16
    assert set(row["metrics"]["corruptions"]["h264_crf40"]) == {"auc", "auc_lost", "median_move", "p95_move"}


def test_the_cost_alone_needs_no_data(lite0):
    before = read_manifest(lite0)["lite0"]
    main(["--latency", "--release", str(lite0), "--engine", "torch"])
    after = read_manifest(lite0)["lite0"]
    assert after.metrics["latency"]["median_ms"] > 0
    assert after.metrics | {"latency": 0} == before.metrics | {"latency": 0}
    assert (after.files, after.threshold, after.golden) == (before.files, before.threshold, before.golden)


def test_a_guest_is_measured_as_ours_are_and_kept_beside_its_files(data, tmp_path, monkeypatch, lite0):
    monkeypatch.setattr("train.evaluate.CACHE", tmp_path / "cache")
    folder, before = write_onnx_guest(tmp_path / "tiny"), (lite0 / "manifest.json").read_bytes()
    (tmp_path / "guests.toml").write_text('[[guest]]\nfolder = "tiny"\nthreshold = 0.1\n')
    main(["--guest", str(tmp_path / "guests.toml"), "--data", str(data), "--latency", "--release", str(lite0)])
    guest = guest_of(Declared("tiny", folder=str(folder)), folder, "")
    measured = row_of(guest, tmp_path / "cache").metrics
    assert measured["test"]["auc"] == pytest.approx(60 / 64, abs=0.05)  # one fake is as dark as the real ones
    assert measured["latency"]["median_ms"] > 0 and measured["corruptions"]["crops"] == 16
    assert (lite0 / "manifest.json").read_bytes() == before


def test_guests_that_cannot_be_measured_are_said(tmp_path):
    (tmp_path / "guests.toml").write_text('[[guest]]\nname = "mine"\nfolder = "."\nfile = "scores.csv"\n')
    (tmp_path / "scores.csv").write_text(f"clip_sha256,time_s,p_fake\n{'a' * 64},0,0.5\n")
    with pytest.raises(SystemExit, match="error: guest mine: scores from elsewhere cannot be measured here"):
        main(["--guest", str(tmp_path / "guests.toml"), "--latency"])
    (tmp_path / "scores.csv").unlink()
    with pytest.raises(SystemExit, match=r"error: guest mine: scores\.csv: cannot be read"):
        main(["--guest", str(tmp_path / "guests.toml"), "--latency"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "absent", "--variant", "steady"], "no variant named 'steady'"),
        (["--data", "absent"], "error: absent/validation.parquet does not exist"),
        (["--clips", "absent"], "error: absent is no folder"),
        (["--data", "absent", "--release", "nowhere"], "error: manifest.json: cannot be read"),
    ],
)
def test_mistakes_end_in_one_sentence(lite0, arguments, sentence):
    with pytest.raises(SystemExit) as ended:
        main(["--release", str(lite0), "--engine", "torch", *arguments])
    assert str(ended.value).startswith("error: ")
    assert sentence in str(ended.value)
    assert "\n" not in str(ended.value)


def test_bad_data_ends_in_one_sentence_and_leaves_the_manifest(data, lite0):
    before = (lite0 / "manifest.json").read_bytes()
    command = ["--data", str(data), "--release", str(lite0), "--engine", "torch"]
    write_split(data, "test", [DARK], [0])
    with pytest.raises(SystemExit, match=r"holds the labels \[0\]"):
        main(command)
    rows = [
        {"video": f"v{i}", "label": i, "original": "", "image": {"bytes": b"no image", "path": None}} for i in (0, 1)
    ]
    parquet.write_table(pa.Table.from_pylist(rows), data / "test.parquet")
    with pytest.raises(SystemExit, match="error: the crop of v0 is no readable image"):
        main(command)
    (data / "test.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(SystemExit, match="no readable face-parquet"):
        main(command)
    assert (lite0 / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--clips", "c", "--curves", "p"],
        ["--data", "d", "--record-clips", "n"],
        ["--clips", "c", "--record-clips", "test"],
        ["--clips", "c", "--record-clips", "latency"],
    ],
)
def test_options_that_do_not_go_together(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "give --data" in capsys.readouterr().err or "--record-clips" in arguments


def test_a_variant_of_slices_is_calibrated_and_measured_on_slices(tmp_path, capsys):
    torch.manual_seed(0)
    folder, variant = tmp_path / "release", VARIANTS["cnn3d_face"]
    folder.mkdir()
    put_into_release(variant, build(variant), {}, folder)
    image = {"bytes": encoded(np.full((LENGTH * SIDE, SIDE, 3), 90, np.uint8)), "path": ""}
    noise = np.random.default_rng(0).integers(0, 256, (LENGTH * SIDE, SIDE, 3), np.uint8)
    images = (image, {"bytes": encoded(noise), "path": ""})
    kinds = ("real", "swap")
    rows = [
        {"video": f"{place}", "label": label, "source": source, "split": "val", "image": images[label if place else 0]}
        | {"family": kinds[label]}
        for source in ("rizkiarm/LipNet", "tanshuai0219/EDTalk")  # of other people, and held out
        for label in (0, 1)
        for place in range(3)  # the first fake one looks like a real one
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "tubes.parquet")
    named = ["--tubes", str(tmp_path / "tubes.parquet"), "--release", str(folder)]
    calibrate.main(named)
    assert "cnn3d_face: logits x" in capsys.readouterr().out
    main(named)
    row = read_manifest(folder)["cnn3d_face"]
    assert {"slope", "offset"} <= row.training["calibration"].keys()
    assert [row.metrics[split]["items"] for split in ("validation", "test")] == [6, 6]
    assert row.metrics["validation"]["auc"] == row.metrics["test"]["auc"]  # the same pictures
    assert (row.scope["swap"]["clips"], row.scope["swap"]["better_than_chance"]) == (3, None)
