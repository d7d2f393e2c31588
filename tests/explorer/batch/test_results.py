"""The table that goes on where it was."""

import json

import pyarrow.parquet as parquet
import pytest

from explorer.batch.clips import identity
from explorer.batch.results import JOURNAL, Results, table_of, write_csv
from explorer.errors import InvalidRequest
from explorer.exports.scores import failed_row

SETTINGS = {"variants": ["b0"], "frames": 2}


def row_of(path, p_fake=0.5, **more):
    judged = {"verdict": "fake", "verdict_b0": "fake", "p_fake_b0": p_fake}
    return identity(path) | failed_row(path.name, "", ["b0"]) | judged | {"error": None} | more


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"clip")
    return path


def test_a_table_is_written_and_taken_up_again(tmp_path, clip):
    out = tmp_path / "s.parquet"
    with Results(out, SETTINGS) as results:
        assert not results.done(clip)
        results.add(row_of(clip, label=1))
    assert parquet.read_table(out).to_pylist()[0]["p_fake_b0"] == 0.5
    assert not out.with_name(out.name + JOURNAL).exists()
    with Results(out, SETTINGS) as results:
        assert results.done(clip)
        clip.write_bytes(b"another clip")
        assert not results.done(clip)


def test_whoever_is_killed_keeps_all_rows_but_the_torn_one(tmp_path, clip):
    out = tmp_path / "s.parquet"
    results = Results(out, SETTINGS).__enter__()
    results.add(row_of(clip))
    results._file.close()  # as a kill does: nothing is written any more
    with open(results.journal, "ab") as file:
        file.write(b'{"path": "/torn')
    with Results(out, SETTINGS) as again:
        assert again.done(clip)
    assert [row["name"] for row in parquet.read_table(out).to_pylist()] == ["a.mp4"]


def test_what_failed_is_tried_again_and_stays_one_row(tmp_path, clip):
    out = tmp_path / "s.parquet"
    with Results(out, SETTINGS) as results:
        results.add(identity(clip) | failed_row("a.mp4", "it was gone", ["b0"]))
    with Results(out, SETTINGS) as results:
        assert not results.done(clip)
        results.add(row_of(clip))
    assert len(parquet.read_table(out)) == 1


def test_other_settings_are_one_sentence_and_the_table_stays(tmp_path, clip):
    out = tmp_path / "s.parquet"
    with Results(out, SETTINGS) as results:
        results.add(row_of(clip))
    before = out.read_bytes()
    for other in (SETTINGS | {"frames": 3}, SETTINGS | {"variants": ["b0", "lite0"]}):
        with pytest.raises(InvalidRequest, match=r"s.parquet was made with other settings \("), Results(out, other):
            pass
        assert out.read_bytes() == before
    with Results(out, SETTINGS | {"frames": 3}, resume=False) as results:
        assert not results.done(clip)


def test_a_foreign_table_is_not_written_over(tmp_path):
    out = tmp_path / "s.parquet"
    parquet.write_table(table_of([{"a": 1}]), out)
    with pytest.raises(InvalidRequest, match="is no table of this command"), Results(out, SETTINGS):
        pass


def test_two_runs_do_not_write_one_table(tmp_path):
    out = tmp_path / "s.parquet"
    with (
        Results(out, SETTINGS),
        pytest.raises(InvalidRequest, match="is being written by another run"),
        Results(out, SETTINGS),
    ):
        pass


def test_a_full_disk_keeps_the_rows_in_the_journal(tmp_path, clip, monkeypatch):
    out = tmp_path / "s.parquet"

    def full(*_):
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"), Results(out, SETTINGS) as results:
        results.add(row_of(clip))
        monkeypatch.setattr("explorer.batch.results.parquet.write_table", full)
    monkeypatch.undo()
    assert json.loads(results.journal.read_text().splitlines()[1])["name"] == "a.mp4"
    with Results(out, SETTINGS) as again:
        assert again.done(clip)


def test_columns_of_several_kinds_are_text_and_no_cell_is_a_formula(tmp_path):
    rows = [{"name": "=cmd()", "note": 1}, {"name": "b", "note": "x", "late": 2.0}]
    assert table_of(rows).to_pylist() == [
        {"name": "=cmd()", "note": "1", "late": None}, {"name": "b", "note": "x", "late": 2.0},
    ]  # fmt: skip
    write_csv(rows, tmp_path / "a.csv")
    assert "'=cmd()" in (tmp_path / "a.csv").read_text()


@pytest.mark.parametrize("content", [b"not json\n", b"[1]\n", b'{"else": 1}\n'])
def test_a_journal_that_is_none_is_one_sentence(tmp_path, content):
    out = tmp_path / "s.parquet"
    out.with_name(out.name + JOURNAL).write_bytes(content)
    with pytest.raises(InvalidRequest, match=r"s\.parquet\.rows\.jsonl is no journal of this command"):
        Results(out, SETTINGS).__enter__()
    assert out.with_name(out.name + JOURNAL).read_bytes() == content


def test_a_run_that_was_not_begun_leaves_nothing(tmp_path):
    (out := tmp_path / "s.parquet").write_bytes(b"somebody's")
    with pytest.raises(InvalidRequest, match=r"s\.parquet is no table of this command"):
        Results(out, SETTINGS).__enter__()
    assert [path.name for path in tmp_path.iterdir()] == ["s.parquet"]
