"""Labels in a visitor's table."""

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from explorer.batch import uploaded
from explorer.batch.labels import pasted
from explorer.batch.uploaded import as_text, labels_in
from explorer.errors import InvalidRequest


@pytest.mark.heavy
def test_a_parquet_file_is_read_in_a_process_of_its_own(tmp_path):
    path = tmp_path / "labels.parquet"
    table = {"note": [1, 2], "clip": ["a,b.mp4", "c.mp4"], "label": [1.0, None], "family": ["swap", None]}
    parquet.write_table(pa.table(table), path)
    assert pasted(labels_in(path), []) == [
        {"name": "a,b.mp4", "label": "1", "family": "swap"}, {"name": "c.mp4", "label": "", "family": None},
    ]  # fmt: skip
    path.write_bytes(b"PAR1 is what it begins with")
    with pytest.raises(InvalidRequest, match=r"labels\.parquet cannot be read as a table"):
        labels_in(path)


@pytest.mark.heavy
def test_a_table_that_unpacks_to_gigabytes_ends_its_process_alone(tmp_path):
    path = tmp_path / "bomb.parquet"
    names = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), [100_000 * "x"])
    parquet.write_table(pa.table({"name": names, "label": [1] * 100_000}), path, store_schema=False)  # 10 GB of text
    assert path.stat().st_size < uploaded.MAX_TABLE_BYTES
    with pytest.raises(InvalidRequest, match=r"bomb\.parquet "):
        labels_in(path)


def test_a_table_of_whoever_has_no_labels_is_one_sentence(tmp_path, monkeypatch):
    (path := tmp_path / "a.csv").write_text("name;truth\na.mp4;1\n")
    with pytest.raises(InvalidRequest, match=r"a\.csv has no column label; it has name, truth"):
        as_text(path)
    path.write_text("name;label\na.mp4;maybe\n")
    with pytest.raises(InvalidRequest, match=r"a\.csv, row 1 holds the label 'maybe'"):
        as_text(path)
    path.write_text("name;label\n" + "a.mp4;1\n" * 30_000)
    with pytest.raises(InvalidRequest, match="over 200,000 characters"):
        as_text(path)
    monkeypatch.setattr(uploaded, "MAX_TABLE_BYTES", 10)
    with pytest.raises(InvalidRequest, match=r"a\.csv is over 1e-05 MB"):
        labels_in(path)
