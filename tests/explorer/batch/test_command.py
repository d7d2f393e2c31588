"""python -m explorer."""

import json

import pyarrow.parquet as parquet
import pytest

from explorer.batch.command import main


@pytest.fixture
def run(quick, tmp_path, capsys):
    """Run the command on words and --out; gives its status, rows by name, and what it said."""

    def run(*words, out="scores.parquet"):
        path = tmp_path / out
        status = main([*map(str, words), "--out", str(path), "--variants", "b0", "lite0", "--frames", "4"])
        rows = parquet.read_table(path).to_pylist() if path.exists() else []
        said = capsys.readouterr()
        return status, {row["name"]: row for row in rows}, said.out + said.err

    return run


def test_a_row_for_every_clip_and_status_3_where_some_failed(run, folder, tmp_path):
    status, rows, said = run(folder, "--csv", tmp_path / "s.csv", "--json-dir", tmp_path / "json")
    assert status == 3
    assert sorted(rows) == ["bright.mp4", "broken.mp4", "dark.mp4"]
    assert "cannot be read" in rows["broken.mp4"]["error"]
    assert "failed: broken.mp4: broken.mp4 cannot be read" in said
    assert "3 clips in" in said
    assert (tmp_path / "s.csv").read_text().count("\n") == 4
    assert len(list((tmp_path / "json").iterdir())) == 2


def test_what_is_done_is_not_done_again(run, folder, monkeypatch):
    (folder / "broken.mp4").unlink()
    assert run(folder)[0] == 0
    monkeypatch.setattr("explorer.batch.work.judge", lambda *_: pytest.fail("judged again"))
    status, rows, said = run(folder)
    assert (status, len(rows)) == (0, 2)
    assert "2/2" in said


def test_labels_give_measures_printed_and_written(run, folder, tmp_path):
    (folder / "broken.mp4").unlink()
    (tmp_path / "labels.csv").write_text("name,label,family\nbright.mp4,fake,swap\ndark.mp4,real,\n")
    status, rows, said = run(folder, "--labels", tmp_path / "labels.csv")
    assert status == 0
    assert (rows["bright.mp4"]["label"], rows["dark.mp4"]["label"]) == (1, 0)
    assert "b0       all     1 + 1  1.000 (1.00-1.00)" in said
    measured = json.loads((tmp_path / "scores.metrics.json").read_text())
    assert {(row["variant"], row["family"]) for row in measured} == {(variant, "all") for variant in ("b0", "lite0")}


def test_labels_that_come_later_need_no_judging(run, folder, tmp_path, monkeypatch):
    (folder / "broken.mp4").unlink()
    run(folder)
    monkeypatch.setattr("explorer.batch.work.judge", lambda *_: pytest.fail("judged again"))
    (tmp_path / "labels.csv").write_text("name,label\nbright.mp4,1\ndark.mp4,0\n")
    _, rows, said = run(folder, "--labels", tmp_path / "labels.csv")
    assert rows["bright.mp4"]["label"] == 1
    assert "AUC" in said


def test_stopped_in_the_middle_keeps_what_is_done(run, folder, monkeypatch):
    from explorer.batch import work

    judge = work.judge

    def stops(path, *rest):
        if path.name == "dark.mp4":
            raise KeyboardInterrupt
        return judge(path, *rest)

    monkeypatch.setattr(work, "judge", stops)
    status, rows, said = run(folder)
    assert status == 1
    assert sorted(rows) == ["bright.mp4", "broken.mp4"]
    assert "stopped; the rows so far are kept" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["absent"], "absent does not exist"),
        (["CLIPS", "--workers", "0"], "0 workers were asked for"),
        (["CLIPS", "--labels", "absent.csv"], "absent.csv does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run, folder, words, sentence):
    status, rows, said = run(*[folder if word == "CLIPS" else word for word in words])
    assert (status, rows) == (1, {})
    assert said.startswith("error: ")
    assert sentence in said
    assert said.count("\n") == 1


def test_a_full_disk_is_one_sentence(run, folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("explorer.batch.results.Results.add", full)
    status, _, said = run(folder)
    assert status == 1
    assert "error: stopped (No space left on device); the rows so far are kept" in said


def test_a_clip_has_ten_minutes_on_a_busy_machine_and_as_long_as_is_said(run, folder, monkeypatch):
    (folder / "broken.mp4").unlink()
    clock = iter(range(0, 10**6, 61))  # each look at the clock is a minute later
    monkeypatch.setattr("explorer.deadline.monotonic", lambda: next(clock))
    assert run(folder / "dark.mp4")[0] == 0
    assert run(folder / "dark.mp4", "--seconds", "60", "--no-resume")[0] == 3
    assert "choose more than 0" in run(folder, "--seconds", "0")[2]
