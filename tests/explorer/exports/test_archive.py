import csv
import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import cv2
import numpy as np
import pytest

from explorer.exports.archive import frames_csv, write_zip
from explorer.exports.report_json import as_json
from explorer.heatmaps.overlay import evidence_overlay
from explorer.structures import Report, Spread, VariantError
from model_zoo.zoo import Zoo
from tests.support import reports
from tests.support.reports import face, judged

COLOURS = {"a": "#0072B2", "b": "#E69F00"}
ZOO = Zoo(Path("somewhere"), "user/zoo", "abc")


def report(faces: int = 10, name: str = "ramp.mp4") -> Report:
    """Two variants on so many faces of a clip of 2 s, which brightens; their evidence differs from face to face."""
    box = np.array([8, 8, 40, 46], np.float32)
    seen = [replace(face((i + 0.5) * 2 / faces, level=20 * i), box=box) for i in range(faces)]
    logits = np.linspace(-4, 4, faces, dtype=np.float32)
    evidence = np.broadcast_to(logits[:, None, None], (faces, 5, 5)).copy()
    cost = Spread(3.0, 0.5)
    p_fake = 1 / (1 + np.exp(-logits))
    variants = [judged(variant, p_fake, evidence=evidence, ms_per_face=cost) for variant in COLOURS]
    return reports.report(seen, variants, frames=10, of=reports.clip(name))


def blind() -> Report:
    """The same of a clip that shows no face."""
    variants = [judged(variant, (), verdict="no face", fake_frame_rate=None) for variant in COLOURS]
    return reports.report((), variants, [VariantError(None, "no face in 10 sampled frames of ramp.mp4")], frames=10)


def zipped(tmp_path: Path, clip_report: Report, **clips: Path) -> ZipFile:
    return ZipFile(write_zip(tmp_path / "all.zip", clip_report, as_json(clip_report, ZOO), COLOURS, **clips))


def test_everything_is_in_the_zip(tmp_path):
    for name in ("drawn.mp4", "tiles.mp4"):
        (tmp_path / name).write_text(name)
    clip_report = report()
    with zipped(tmp_path, clip_report, annotated=tmp_path / "drawn.mp4", mosaic=tmp_path / "tiles.mp4") as archive:
        names = archive.namelist()
        assert json.loads(archive.read("report.json")) == as_json(clip_report, ZOO)
        assert archive.read("frames.csv").decode() == frames_csv(clip_report)
        assert b"<title>Deepfake check of ramp.mp4</title>" in archive.read("summary.html")
        assert archive.read("annotated.mp4") == b"drawn.mp4"
        assert archive.read("mosaic.mp4") == b"tiles.mp4"
    assert len(names) == len(set(names)) == 5 + 2 * 8


def test_heatmaps_of_eight_faces_are_the_evidence_over_the_crop(tmp_path):
    clip_report = report(10)  # 0.1, 0.3 ... 1.9 s
    clip_report = replace(
        clip_report, faces=tuple(replace(face, time_s=i, person=i % 3) for i, face in enumerate(clip_report.faces))
    )
    with zipped(tmp_path, clip_report) as archive:
        names = [name for name in archive.namelist() if name.startswith("heatmaps/a_")]
        image = cv2.imdecode(np.frombuffer(archive.read(names[2]), np.uint8), cv2.IMREAD_COLOR)
    chosen = (0, 1, 3, 4, 5, 6, 8, 9)  # of 0 to 9, every 9/7th
    assert names == [f"heatmaps/a_{i:03d}.000s_person{i % 3}.png" for i in chosen]
    expected = evidence_overlay(clip_report.faces[3].crop, clip_report.variants[0].evidence[3])
    assert np.array_equal(image[..., ::-1], expected)


def test_a_row_per_face(tmp_path):
    clip_report = report(2)
    faces = (replace(clip_report.faces[0], time_s=0.5), replace(clip_report.faces[1], time_s=0.5, person=2))
    a, b = (replace(result, frame_p_fake=np.array([0.25, result.name == "b"])) for result in clip_report.variants)
    rows = list(csv.reader(frames_csv(replace(clip_report, faces=faces, variants=(a, b))).splitlines()))
    assert rows == [
        ["time_s", "person", "x0", "y0", "x1", "y1", "p_fake_a", "p_fake_b"],
        ["0.5", "1", "8.0", "8.0", "40.0", "46.0", "0.25", "0.25"],
        ["0.5", "2", "8.0", "8.0", "40.0", "46.0", "0.0", "1.0"],
    ]


@pytest.mark.parametrize("name", ["=1+1.mp4", "+1.mp4", "-1.mp4", "@sum.mp4", "../../up.mp4", "caf\udce9.mp4"])
def test_a_strange_name_reaches_neither_cells_nor_paths(tmp_path, name):
    clip_report = report(2, name)
    with zipped(tmp_path, clip_report) as archive:
        assert not [path for path in archive.namelist() if ".." in path or path.startswith("/")]
        cells = [cell for row in csv.reader(archive.read("frames.csv").decode().splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_without_a_face_the_words_remain(tmp_path):
    with zipped(tmp_path, blind()) as archive:
        assert archive.namelist() == ["report.json", "frames.csv", "summary.html"]
