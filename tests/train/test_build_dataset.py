import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest
from matplotlib.cbook import get_sample_data
from PIL import Image

from explorer.batch.cluster import Cluster
from explorer.faces import finders as faces
from explorer.faces import working_size
from explorer.faces.boxes import crop_squares
from explorer.faces.crops import CROP_SIDE
from explorer.video.writer import ClipWriter
from tests.support.clips import grey_ramp
from train import build_dataset
from train.build_dataset import build
from train.dataset import extraction
from train.dataset.extraction import Part, Quality, Settings, detector_named, extract_clip, judged_crop
from train.dataset.items import read_face_parquet
from train.dataset.layouts import Clip, folders
from train.errors import BadData

pytestmark = pytest.mark.heavy  # clips are decoded and searched

BOX = np.array([8, 8, 48, 56], np.float32)
SETTINGS = Settings(sampling="40-8", quality=Quality(smallest=30, sharpness=0))
PAIRS = 8


def sees(images):
    """A detector that is sure of the same face in every frame."""
    return [(BOX, 0.99) for _ in images]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    """real/ and fake/swap/, eight clips of three frames each."""
    root = tmp_path_factory.mktemp("dataset")
    for folder in ("real", "fake/swap"):
        (root / folder).mkdir(parents=True)
        for n in range(PAIRS):
            grey_ramp(root / folder / f"clip{n}.mp4", [0, 0.04, 0.08])
    return root


def kept(summary):
    return sum(count for counts in summary["kept"].values() for count in counts.values())


def test_crops_are_what_training_reads(dataset, tmp_path):
    summary = build(folders(dataset), tmp_path, SETTINGS, detect=sees)
    assert kept(summary) == 2 * PAIRS * 3
    items = {split: read_face_parquet(tmp_path, split) for split in ("train", "validation", "test")}
    item = next(item for item in items["train"] if item.label == 1)
    assert item.pixels().shape == (CROP_SIDE, CROP_SIDE, 3)
    assert (item.category, item.original) == ("swap", item.video.replace("fake/swap", "real"))
    originals = [{item.original for item in found} for found in items.values()]
    assert len(set.union(*originals)) == sum(map(len, originals)) == PAIRS  # none in two splits
    table = parquet.read_table(tmp_path / "train.parquet")
    assert table.column_names == ["video", "label", "original", "category", "time_s", "width", "image"]
    left, _, right, _ = crop_squares(BOX)[0]
    assert set(table["width"].to_pylist()) == {round(right - left)}
    assert table["time_s"].to_pylist()[:3] == [0, 0.04, 0.08]
    assert Image.open(io.BytesIO(table["image"][0].as_py()["bytes"])).format == "JPEG"
    assert json.loads((tmp_path / "summary.json").read_text()) == summary


class ElsewhereWithoutRay:
    """What a cluster does with clips: work sent away, JSON that comes back; one of them is lost there."""

    def spread(self, items, work, lost):
        for index, item in enumerate(items):
            made = lost(item, "its machine burnt down") if index == 5 else work(item)
            yield item, json.loads(json.dumps(made))


def test_a_cluster_makes_the_same_parts_and_what_it_loses_is_told(dataset, tmp_path):
    here = build(folders(dataset), tmp_path / "here", SETTINGS, detect=sees)
    there = build(folders(dataset), tmp_path / "there", SETTINGS, detect=sees, cluster=ElsewhereWithoutRay())
    assert list(there["unreadable"].values()) == ["its machine burnt down"]
    assert kept(there) == kept(here) - 3
    parts = [
        {path.name: path.read_bytes() for path in (tmp_path / out / "parts").iterdir()} for out in ("here", "there")
    ]
    assert parts[1].items() < parts[0].items()


@pytest.mark.slow
@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install -r requirements-cluster.txt")
def test_ray_makes_the_same_parts(dataset, tmp_path):
    here = build(folders(dataset), tmp_path / "here", SETTINGS, detect=sees)
    assert build(folders(dataset), tmp_path / "there", SETTINGS, detect=sees, cluster=Cluster()) == here


def test_a_killed_run_is_resumed(dataset, tmp_path):
    seen = []

    def counts(images):
        if len(seen) == 5:
            raise KeyboardInterrupt
        seen.append(len(images))
        return sees(images)

    with pytest.raises(KeyboardInterrupt):
        build(folders(dataset), tmp_path, SETTINGS, detect=counts)
    seen_before, seen[:] = len(seen), [0] * 6  # past the kill
    resumed = build(folders(dataset), tmp_path, SETTINGS, detect=counts)
    assert (seen_before, len(seen) - 6) == (5, 2 * PAIRS - 5)
    again = build(folders(dataset), tmp_path, SETTINGS, detect=lambda images: pytest.fail("nothing is left to do"))
    assert again == resumed
    assert kept(again) == 2 * PAIRS * 3


def test_a_damaged_part_is_made_again(dataset, tmp_path):
    first = build(folders(dataset), tmp_path, SETTINGS, detect=sees)
    next((tmp_path / "parts").iterdir()).write_bytes(b"")  # what a power cut leaves
    assert build(folders(dataset), tmp_path, SETTINGS, detect=sees) == first


def test_other_settings_are_refused(dataset, tmp_path):
    build(folders(dataset), tmp_path, SETTINGS, detect=sees, source={"layout": "folders"})
    with pytest.raises(BadData, match=r"other settings \(margin 1.0 -> 1.3\)"):
        other = Settings(sampling="40-8", margin=1.3, quality=SETTINGS.quality)
        build(folders(dataset), tmp_path, other, detect=sees, source={"layout": "folders"})
    with pytest.raises(BadData, match="layout folders -> dfdc"):
        build(folders(dataset), tmp_path, SETTINGS, detect=sees, source={"layout": "dfdc"})


def test_a_limited_run_can_be_widened(dataset, tmp_path):
    summary = build(folders(dataset), tmp_path, SETTINGS, limit=6, detect=sees)
    assert [len(counts) for counts in summary["kept"].values()] == [2, 2, 2]  # both categories in every split
    assert kept(summary) == 6 * 3
    assert kept(build(folders(dataset), tmp_path, SETTINGS, detect=sees)) == 2 * PAIRS * 3


def test_an_unreadable_clip_is_listed_and_tried_again(dataset, tmp_path):
    root = tmp_path / "root"
    for folder in ("real", "fake/swap"):
        (root / folder).mkdir(parents=True)
        for path in (dataset / folder).iterdir():
            (root / folder / path.name).symlink_to(path)
    (root / "real" / "broken.mp4").write_bytes(b"no clip")
    (root / "fake" / "broken.png").write_bytes(b"no image")
    summary = build(folders(root), tmp_path / "out", SETTINGS, detect=sees)
    assert list(summary["unreadable"]) == ["fake/broken.png", "real/broken.mp4"]
    assert "cannot be read as a video" in summary["unreadable"]["real/broken.mp4"]
    assert "fake/broken.png cannot be read" in build_dataset.format_summary(summary)
    Image.new("RGB", (64, 64), "grey").save(root / "fake" / "broken.png")  # mended
    summary = build(folders(root), tmp_path / "out", SETTINGS, detect=sees)
    assert list(summary["unreadable"]) == ["real/broken.mp4"]
    assert sum(counts.get("fake", 0) for counts in summary["kept"].values()) == 1


def test_an_empty_class_in_the_end(dataset, tmp_path):
    with pytest.raises(BadData, match=r"the train split would have no real and no fake clips .*summary.json says"):
        build(folders(dataset), tmp_path, SETTINGS, detect=lambda images: [None for _ in images])
    assert json.loads((tmp_path / "summary.json").read_text())["dropped"] == {
        "real": {"no face": 3 * PAIRS},
        "swap": {"no face": 3 * PAIRS},
    }
    assert not list(tmp_path.glob("*.parquet"))


def test_reasons():
    frame = np.random.default_rng(0).integers(0, 256, (80, 80, 3), np.uint8)
    strict = Settings(quality=Quality(smallest=40, confidence=0.9, sharpness=10))
    assert judged_crop(frame, None, strict) == "no face"
    assert judged_crop(frame, (BOX - [0, 0, 1, 0], 0.99), strict) == "face too small"
    assert judged_crop(frame, (BOX, 0.89), strict) == "low confidence"
    assert judged_crop(np.full_like(frame, 9), (BOX, 0.99), strict) == "blurred"
    for confidence in (0.9, None):  # Haar gives none
        crop, width = judged_crop(frame, (BOX, confidence), strict)
        assert (crop.shape, width) == ((CROP_SIDE, CROP_SIDE, 3), 42)  # sqrt(1.10 * 40 * 48 / 1.20) = 42
    assert judged_crop(frame, (BOX, 0.99), Settings(margin=2, quality=strict.quality))[1] == 84


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    """Grace Hopper, public domain, as matplotlib ships her: RGB (600, 512, 3) uint8."""
    with get_sample_data("grace_hopper.jpg") as file, Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def test_haar_finds_the_portrait(portrait, tmp_path):
    with ClipWriter(tmp_path / "portrait.mp4", 25) as writer:
        for index in range(4):
            writer.add(index / 25, portrait)
    clip = Clip(tmp_path / "portrait.mp4", "portrait", 1, "portrait", "fake", "portrait")
    part = extract_clip(clip, Settings(finder="haar", sampling="40-8"), tmp_path)
    assert part == Part(clip, 4, {})
    assert extraction.read_part(tmp_path, clip) == part


def test_mtcnn_tells_its_confidence(portrait, monkeypatch):
    monkeypatch.setattr(working_size, "WORKING_SIDE", 200)  # the frame is scaled down; faster than at full size
    ((box, confidence),) = detector_named("mtcnn")([portrait])
    np.testing.assert_array_equal(box, faces.finder_named("mtcnn")([portrait])[0][0])
    assert 0.9 < confidence <= 1
    assert detector_named("mtcnn")([np.zeros_like(portrait)]) == [None]


def command(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["build_dataset.py", *map(str, words)])
    build_dataset.main()


def test_the_command(dataset, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(extraction, "detector_named", lambda name: sees)
    words = ("--layout", "folders", "--root", dataset, "--out", tmp_path, "--workers", 1, "--sampling", "40-8")
    command(monkeypatch, *words, "--smallest", 30, "--sharpness", 0)
    out = capsys.readouterr().out
    assert "train: 36 crops; real 18, swap 18" in out
    assert "unreadable clips: 0" in out
    with pytest.raises(SystemExit, match=r"error: .*other settings"):
        command(monkeypatch, *words)


def test_a_full_disk_is_one_sentence(dataset, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(extraction, "detector_named", lambda name: sees)
    monkeypatch.setattr(extraction.parquet, "write_table", full)
    with pytest.raises(
        SystemExit, match=r"error: .*No space left on device.* are kept, run the same command to resume"
    ):
        command(monkeypatch, "--layout", "folders", "--root", dataset, "--out", tmp_path, "--workers", 1)
    assert not list((tmp_path / "parts").iterdir())


def test_slices_are_cut_from_a_data_set_where_they_are_asked_for(tmp_path, monkeypatch, capsys):
    for label in ("real", "fake/swap"):
        (tmp_path / "set" / label).mkdir(parents=True)
        for n in range(PAIRS):
            grey_ramp(tmp_path / "set" / label / f"clip{n}.mp4", [i / 25 for i in range(16)])
    monkeypatch.setattr(build_dataset, "finder_named", lambda name: lambda images: [BOX[None] for _ in images])
    root, out = str(tmp_path / "set"), str(tmp_path / "out")
    monkeypatch.setattr(sys, "argv", ["", "--layout", "folders", "--root", root, "--out", out, "--tubes"])
    build_dataset.main()
    assert capsys.readouterr().out == "16 slices, 0 without a face, 0 unreadable clips\n"
    table = parquet.read_table(tmp_path / "out" / "tubes.parquet")
    assert table["label"].to_pylist().count(1) == PAIRS
    assert set(table["split"].to_pylist()) == {"train", "val", "test"}
