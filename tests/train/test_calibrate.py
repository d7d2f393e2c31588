import shutil

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from model_zoo.manifest import RELEASE, Manifest, read_manifest, write_manifest
from tests.support import fakes
from train.calibrate import main
from train.dataset.clips import CLIP_FILES

pytestmark = pytest.mark.heavy  # networks are measured

DARK, BRIGHT = 30, 200
CALIBRATING = "rizkiarm/LipNet"  # a source of the calibration group
KINDS = ("real", "swap")


def images(levels, label):
    return [{"label": label, "image": {"bytes": fakes.crop(level, seed), "path": None}} for seed, level in levels]


@pytest.fixture
def elsewhere(tmp_path):
    """A validation split of ten crops, and five clips of either class of a source of the calibration group."""
    folder = tmp_path / "data"
    folder.mkdir()
    crops = images(enumerate([DARK] * 5), 0) + images(enumerate([BRIGHT] * 5), 1)
    validation = [{"video": f"v{place}", "original": "", **crop} for place, crop in enumerate(crops)]
    parquet.write_table(pa.Table.from_pylist(validation), folder / "validation.parquet")
    clips = [
        {"video": f"{place}", "family": KINDS[crop["label"]], "source": CALIBRATING, "person": "p", **crop}
        for place, crop in enumerate(crops)
    ]
    for name in CLIP_FILES:
        parquet.write_table(pa.Table.from_pylist(clips), folder / name)
    return folder


@pytest.fixture
def release(tmp_path):
    """lite0_kd_p40, its int8 and lite0, with their rows."""
    names = ("lite0", "lite0_kd_p40", "lite0_kd_p40_int8")
    folder = tmp_path / "release"
    for name in names:
        shutil.copytree(RELEASE / name, folder / name)
    manifest = read_manifest(RELEASE)
    write_manifest(Manifest({name: manifest[name] for name in names}), folder)
    return folder


def test_what_is_named_is_calibrated_and_its_int8_is_said_to_be_due(elsewhere, release, capsys):
    before = read_manifest(release)
    named = ["--data", str(elsewhere), "--elsewhere", str(elsewhere), "--release", str(release)]
    main([*named, "--variant", "lite0_kd_p40"])
    after, printed = read_manifest(release), capsys.readouterr().out
    row, slope = after["lite0_kd_p40"], before["lite0_kd_p40"].training["calibration"]["slope"]
    low, high = row.uncertain
    assert 0 <= low <= row.threshold <= high <= 1
    assert row.training["calibration"]["slope"] != slope
    assert (row.metrics, row.scope) == ({}, {})  # they were of other logits
    assert f"threshold {row.threshold:.4f}, uncertain from {low:.3f} to {high:.3f}" in printed
    assert "after train/evaluate.py: train/build_zoo.py --only lite0_kd_p40_int8" in printed
    assert (after["lite0"], after["lite0_kd_p40_int8"]) == (before["lite0"], before["lite0_kd_p40_int8"])


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [("validation.parquet", "error: .*validation.parquet does not exist"), (CLIP_FILES[1], "error: .*does not exist")],
)
def test_a_missing_file_is_a_sentence_and_changes_nothing(elsewhere, release, lacking, sentence):
    (elsewhere / lacking).unlink()
    before = (release / "manifest.json").read_bytes()
    with pytest.raises(SystemExit, match=sentence):
        main(["--data", str(elsewhere), "--elsewhere", str(elsewhere), "--release", str(release)])
    assert (release / "manifest.json").read_bytes() == before


def test_options_that_do_not_go_together(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--data", "x"])
    assert ended.value.code == 2
    assert "give --data and --elsewhere, or --tubes" in capsys.readouterr().err
