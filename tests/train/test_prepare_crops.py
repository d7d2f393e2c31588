import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from tests.support.faces import landmarks, picture
from train import prepare_crops
from train.dataset.clips import CLIP_FILES
from train.dataset.crop_set import encoded, read_crop_set
from train.dataset.groups import CALIBRATION_SOURCES, HELD_OUT_SOURCES, TRAINING_SOURCES
from train.dataset.judging import read_judging_set

SIDE = 48


class Mesh:
    """A face mesh that sees no face in dark crops; `count` says how many crops it was shown."""

    def __init__(self, path=None):
        self.count = 0

    def points(self, crop: np.ndarray) -> np.ndarray | None:
        self.count += 1
        return landmarks(crop.shape[0]) if crop.mean() > 30 else None


@pytest.fixture
def data(tmp_path):
    """Two DFDC pairs a split, two portraits of which one is dark, and a real and a fake clip of every source."""

    def image(seed: int) -> dict[str, object]:
        return {"bytes": encoded(picture(seed)), "path": None}

    folder = tmp_path / "data"
    (folder / "dfdc-faces").mkdir(parents=True)
    for seed, split in enumerate(("train", "validation")):
        rows = [
            {"video": f"{split}{i}", "label": i % 2, "original": f"{split}{i - i % 2}", "image": image(9 * seed + i)}
            for i in range(4)
        ]
        parquet.write_table(pa.Table.from_pylist(rows), folder / "dfdc-faces" / f"{split}.parquet")
    portraits = [{"name": name, "landmarks": [0.0] * 10, "image": image(50)} for name in ("light", "dark")]
    portraits[1]["image"] = {"bytes": encoded(np.zeros((64, 64, 3), np.uint8)), "path": None}
    parquet.write_table(pa.Table.from_pylist(portraits), folder / "portraits.parquet")
    sources = sorted(TRAINING_SOURCES | CALIBRATION_SOURCES | HELD_OUT_SOURCES - {"iperov/DeepFaceLive"})
    for name, held in zip(CLIP_FILES, (sources, ["iperov/DeepFaceLive"]), strict=True):
        rows = [
            {"video": f"{source}/{label}", "label": label, "family": ("real", "swap")[label], "source": source,
             "person": "p", "image": image(60 + label)}
            for source in held
            for label in (0, 1)
        ]  # fmt: skip
        parquet.write_table(pa.Table.from_pylist(rows), folder / name)
    return folder


def prepare(monkeypatch, data, out, *more) -> None:
    monkeypatch.setattr(prepare_crops, "FaceMesh", Mesh)
    options = ["--data", str(data), "--mesh", "mesh", "--out", str(out), "--size", str(SIDE), *more]
    monkeypatch.setattr(sys, "argv", ["prepare_crops.py", *options])
    prepare_crops.main()


def test_nothing_held_out_and_nothing_to_calibrate_by_is_trained_on(data, tmp_path, monkeypatch, capsys):
    prepare(monkeypatch, data, tmp_path / "out")
    crops = read_crop_set(tmp_path / "out")
    assert {crop.source for crop in crops} == TRAINING_SOURCES | {"dfdc", "portraits"}
    assert not any("validation" in crop.name for crop in crops)
    judged = set(read_judging_set(tmp_path / "out", SIDE).clips)
    assert {name.split(" ")[0] for name in judged} == CALIBRATION_SOURCES | {f"validation{i}" for i in range(4)}
    assert not judged & {crop.name.rpartition("#")[0] for crop in crops}
    assert "no landmarks in 1 of" in capsys.readouterr().out


def test_crops_are_of_one_size_and_reals_have_landmarks_where_a_face_is_seen(data, tmp_path, monkeypatch):
    prepare(monkeypatch, data, tmp_path / "out")
    crops = {crop.name: crop for crop in read_crop_set(tmp_path / "out")}
    assert np.array_equal(crops["train0#0"].landmarks, landmarks(SIDE))
    assert crops["train1#0"].landmarks is None and crops["dark#0"].landmarks is None
    assert (crops["train0#0"].pair, crops["train1#0"].pair, crops["train1#0"].family) == ("train0", "train0", "swap")
    prepare(monkeypatch, data, tmp_path / "out")  # nothing is left to do
    assert len(read_crop_set(tmp_path / "out")) == len(crops)


def test_known_crops_are_not_looked_at_again(data):
    mesh = Mesh()
    every = [crop.name for crop in prepare_crops.training_crops(data, mesh, SIDE)]
    seen = mesh.count
    rest = [crop.name for crop in prepare_crops.training_crops(data, mesh, SIDE, known=every[:3])]
    assert rest == every[3:]
    assert mesh.count < 2 * seen


def test_a_folder_of_another_size_is_one_sentence(data, tmp_path, monkeypatch):
    prepare(monkeypatch, data, tmp_path / "out")
    with pytest.raises(SystemExit, match="holds crops of 48 px, not 56"):
        prepare(monkeypatch, data, tmp_path / "out", "--size", "56")
