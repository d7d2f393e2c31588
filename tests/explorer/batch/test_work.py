"""One clip of many."""

import json
import zipfile
from dataclasses import replace

import pytest

from explorer.batch.clips import Listed
from explorer.batch.results import table_of
from explorer.exports.report_json import as_json
from explorer.exports.scores import failed
from explorer.judging import judge
from explorer.structures import Progress


def test_a_row_holds_the_numbers_of_analyze(quick, folder):
    row = quick.row(Listed(folder / "bright.mp4", {"label": 1, "name": "brought"}))
    *_, report = judge(folder / "bright.mp4", quick.question, quick.zoo)
    told = as_json(report, quick.zoo)
    assert row["path"] == str(folder / "bright.mp4")
    assert row["bytes"] == (folder / "bright.mp4").stat().st_size
    for variant in told["variants"]:
        assert row[f"p_fake_{variant['name']}"] == variant["p_fake"]
        assert row[f"verdict_{variant['name']}"] == variant["verdict"]
    assert (row["verdict"], row["faces"]) == (told["summary"]["verdict"], told["clip"]["faces_found"])
    assert (row["label"], row["given_name"], row["error"]) == (1, "brought", None)
    assert not failed(row)


@pytest.mark.parametrize(
    ("name", "words"), [("broken.mp4", "broken.mp4 cannot be read as a video"), ("gone.mp4", "gone.mp4 does not exist")]
)
def test_what_cannot_be_judged_is_a_row_with_its_sentence(quick, folder, name, words):
    row = quick.row(Listed(folder / name, {"label": 0}))
    assert words in row["error"]
    assert (row["verdict"], row["p_fake_b0"], row["label"]) == (None, None, 0)
    assert failed(row)


def test_each_clip_has_its_own_time_limit(quick, folder):
    row = replace(quick, seconds=0).row(Listed(folder / "bright.mp4"))
    assert "the job took longer than 0 s" in row["error"]


def test_how_far_it_is_comes_before_the_row(quick, folder):
    *steps, row = quick.steps(folder / "dark.mp4", "called.mp4")
    assert all(isinstance(step, Progress) for step in steps)
    assert row["name"] == "called.mp4"


def test_reports_and_zips_have_names_that_no_two_clips_share(quick, folder, tmp_path):
    kept = replace(quick, json_folder=tmp_path, zip_folder=tmp_path)
    (folder / "inner").mkdir()
    (folder / "inner" / "dark.mp4").write_bytes((folder / "dark.mp4").read_bytes())
    for path in (folder / "dark.mp4", folder / "inner" / "dark.mp4"):
        kept.row(Listed(path))
    reports, zips = sorted(tmp_path.glob("*.json")), list(tmp_path.glob("*.zip"))
    assert len(reports) == len(zips) == 2
    assert json.loads(reports[0].read_text())["clip"]["name"] == "dark.mp4"
    assert "report.json" in zipfile.ZipFile(zips[0]).namelist()


def test_reports_of_clips_with_odd_and_endless_names_are_written(quick, folder, tmp_path):
    kept = replace(quick, json_folder=tmp_path)
    for name in (f"{124 * 'é'}.mp4", "caf\udce9.mp4"):
        (folder / name).write_bytes((folder / "dark.mp4").read_bytes())
        row = kept.row(Listed(folder / name))
        assert (row["verdict"], row["error"]) == ("real", None)
        table_of([row])
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_a_worker_that_was_lost_is_a_row(quick, folder):
    row = quick.lost(Listed(folder / "dark.mp4", {"label": 1}), "it ended")
    assert (row["error"], row["label"], row["name"]) == ("it ended", 1, "dark.mp4")
