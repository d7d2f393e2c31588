"""Labels and tables that people bring."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from explorer.batch.labels import Labels, checked, column_of, label_of, pasted, read_table
from explorer.errors import InvalidRequest


@pytest.mark.parametrize(
    ("value", "label"), [("real", 0), ("FAKE", 1), (0, 0), (1.0, 1), (" fake ", 1), (None, None), ("", None)]
)
def test_labels_are_words_or_numbers(value, label):
    assert label_of(value, "here") == label


@pytest.mark.parametrize("value", ["maybe", 2, 0.5, "fakes", -1])
def test_anything_else_is_one_sentence(value):
    with pytest.raises(InvalidRequest, match=r"t.csv, row 2 holds the label '.*'; labels are 0 or real, 1 or fake"):
        checked([{"label": 1}, {"label": value}], "t.csv")


def test_tables_of_either_kind_with_empty_cells_as_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("path,label,note\na.mp4,1,x\nb.mp4,,\n")
    parquet.write_table(pa.table({"path": ["a.mp4", "b.mp4"], "label": [1, None]}), tmp_path / "a.parquet")
    rows = read_table(tmp_path / "a.csv")
    assert rows == [{"path": "a.mp4", "label": 1.0, "note": "x"}, {"path": "b.mp4", "label": None, "note": None}]
    assert read_table(tmp_path / "a.parquet")[1] == {"path": "b.mp4", "label": None}


@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_a_spreadsheet_writes_semicolons_tabs_and_a_byte_order_mark(tmp_path, mark):
    lines = ("name,label,family", "007,fake,swap", "a b.mp4,real,")
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines).replace(",", mark), encoding="utf-8-sig")
    labels = Labels(read_table(path), "a.csv")
    assert labels.of(Path("/data/007.mp4")) == {"label": 1, "family": "swap"}  # a name, not a number
    assert labels.of(Path("/data/a b.mp4")) == {"label": 0, "family": None}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.csv", None, "does not exist"),
        ("empty.csv", b"", "empty.csv cannot be read as a table"),
        ("noise.parquet", b"noise", "noise.parquet cannot be read as a table"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InvalidRequest, match=words):
        read_table(tmp_path / name)


def test_the_column_of_clips():
    rows = [{"label": 1, "file": "a.mp4", "mine": "b.mp4"}]
    assert (column_of(rows, None, "t.csv"), column_of(rows, "mine", "t.csv")) == ("file", "mine")
    with pytest.raises(InvalidRequest, match=r"t.csv has no column where; it has label, file, mine"):
        column_of(rows, "where", "t.csv")
    with pytest.raises(InvalidRequest, match=r"t.csv has no column of clips \(path, .*\); it has label"):
        column_of([{"label": 1}], None, "t.csv")


def test_a_clip_is_known_by_path_name_or_stem():
    labels = Labels([{"name": "x/a.mp4", "label": "fake"}, {"name": "b", "label": 0}], "t.csv")
    assert labels.of(Path("/data/x/a.mp4")) == {"label": 1}
    assert labels.of(Path("/data/y/a.mp4")) == {}
    assert labels.of(Path("/data/b.webm")) == {"label": 0}


def test_an_accent_beside_its_letter_is_the_same_name():
    labels = Labels([{"name": "e\u0301.mp4", "label": 1}], "t.csv")
    assert labels.of(Path("/data/\u00e9.mp4")) == {"label": 1}


def test_a_table_without_labels_is_one_sentence():
    with pytest.raises(InvalidRequest, match=r"t\.csv has no column label; it has name, truth"):
        Labels([{"name": "a.mp4", "truth": 1}], "t.csv")


def test_two_labels_of_one_clip_are_a_contradiction():
    same = {"name": "a.mp4", "label": 1}
    Labels([same, same], "t.csv")
    with pytest.raises(InvalidRequest, match=r"t.csv says two things of a.mp4"):
        Labels([same, same | {"label": 0}], "t.csv")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a.mp4, fake\nb.mp4, 0\n", [("a.mp4", "fake"), ("b.mp4", "0")]),
        ("name;label\na.mp4;real\n\n", [("a.mp4", "real")]),
        ("\ufeffa.mp4\tmaybe", [("a.mp4", "maybe")]),
        ("a;b.mp4, real", [("a;b.mp4", "real")]),
        ("a, b.mp4;fake", [("a, b.mp4", "fake")]),
        ("1\n0", [("a.mp4", "1"), ("b.mp4", "0")]),
    ],
)
def test_pasted_labels(text, rows):
    assert [(row["name"], row["label"]) for row in pasted(text, ["a.mp4", "b.mp4"])] == rows


def test_pasted_families():
    assert pasted("a.mp4\tfake\tswap\nb.mp4\treal\t", []) == [
        {"name": "a.mp4", "label": "fake", "family": "swap"}, {"name": "b.mp4", "label": "real", "family": None},
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["1\n0\n1", "a,b,c,d", "a.mp4,1\nb.mp4"])
def test_what_are_no_labels_is_one_sentence(text):
    with pytest.raises(InvalidRequest, match="2 labels alone, in the order of the clips"):
        pasted(text, ["a.mp4", "b.mp4"])
    with pytest.raises(InvalidRequest, match="at most"):
        pasted(300_000 * "x", [])
