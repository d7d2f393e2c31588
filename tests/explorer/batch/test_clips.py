"""Which clips are meant."""

import os
from pathlib import Path

import pytest

from explorer.batch.clips import identity, list_clips, with_labels
from explorer.batch.labels import Labels
from explorer.errors import InvalidRequest


@pytest.fixture
def tree(tmp_path) -> Path:
    for name in ("a.mp4", "b.JPG", "notes.txt", ".hidden.mp4", "inner/c.webm"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def names(listing) -> list[str]:
    return [path.name for path in listing.clips]


def test_files_folders_and_patterns_each_clip_once(tree):
    assert names(list_clips([str(tree)])) == ["a.mp4", "b.JPG", "c.webm"]
    assert names(list_clips([f"{tree}/**/*.webm", f"{tree}/a.mp4"])) == ["c.webm", "a.mp4"]
    twice = list_clips([str(tree), f"{tree}/inner/../a.mp4"])
    assert names(twice) == ["a.mp4", "b.JPG", "c.webm"]
    assert twice.notes == ["a.mp4 is named twice; it is judged once"]


def test_a_table_names_clips_beside_it_and_its_other_columns_come_along(tree):
    (tree / "list.csv").write_text("label,clip,note\nfake,inner/c.webm,x\n0,a.mp4,\n")
    listing = list_clips([str(tree / "list.csv")])
    assert [clip.given for clip in listing.clips.values()] == [{"label": 1, "note": "x"}, {"label": 0, "note": None}]
    assert next(iter(listing.clips)) == tree / "inner" / "c.webm"


def test_labels_join_by_name(tree):
    listing = with_labels(list_clips([str(tree)]), Labels([{"name": "a.mp4", "label": 1}], "t.csv"))
    assert [clip.given for clip in listing.clips.values()] == [{"label": 1}, {}, {}]
    assert listing.notes == ["2 of 3 clips have no label"]


def test_what_labels_name_twice_or_in_vain_is_told(tree):
    (tree / "inner" / "a.mp4").write_bytes(b"")
    rows = [{"name": "a.mp4", "label": 1}, {"name": "absent.mp4", "label": 0}]
    listing = with_labels(list_clips([str(tree)]), Labels(rows, "t.csv"))
    assert [clip.given.get("label") for clip in listing.clips.values()] == [1, None, 1, None]
    assert listing.notes[1:] == [
        "1 of 2 names in t.csv are those of no clip here",
        "t.csv names several clips by a.mp4; each has its label, name them by their folders",
    ]


def test_a_name_that_is_no_text_can_stand_in_a_table(tmp_path):
    (path := tmp_path / "caf\udce9.mp4").write_bytes(b"")
    assert identity(path)["path"] == f"{tmp_path}/caf\\xe9.mp4"
    assert identity(path)["bytes"] == 0


def test_a_link_that_leads_back_is_passed_over(tree):
    (tree / "inner" / "up").symlink_to(tree)
    (tree / "loop").symlink_to(tree / "loop")
    listing = list_clips([str(tree)])
    assert names(listing) == ["a.mp4", "b.JPG", "c.webm"]
    assert len(listing.notes) == 1
    assert "leads back to a folder that was looked into" in listing.notes[0]


def test_a_folder_that_cannot_be_read_is_told(tree, monkeypatch):
    walk = os.scandir

    def refused(path):
        if str(path).endswith("inner"):
            raise PermissionError(13, "Permission denied", str(path))
        return walk(path)

    monkeypatch.setattr(os, "scandir", refused)
    listing = list_clips([str(tree)])
    assert names(listing) == ["a.mp4", "b.JPG"]
    assert listing.notes == [f"{tree}/inner cannot be looked into (Permission denied); its clips are left out"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["absent.mp4"], "absent.mp4 does not exist"),
        (["empty"], "empty holds no clips and no photos"),
        (["*.absent"], r"nothing is named like \*.absent"),
        (["twice.csv"], "a.mp4 is named twice, as 1 and as 0"),
        (["blank.csv"], "blank.csv, row 2, names no clip"),
    ],
)
def test_what_names_nothing_is_one_sentence(tree, monkeypatch, words, sentence):
    monkeypatch.chdir(tree)
    (tree / "empty").mkdir()
    (tree / "twice.csv").write_text("path,label\na.mp4,1\na.mp4,0\n")
    (tree / "blank.csv").write_text("path,label\na.mp4,1\n,0\n")
    with pytest.raises(InvalidRequest, match=sentence):
        list_clips(words)
