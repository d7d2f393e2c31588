import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from train.dataset.clips import CLIP_FILES, originals, read_clips
from train.errors import BadData

ROW = {"label": 0, "family": "real", "source": "X-LANCE/AniTalker", "person": "p", "image": {"bytes": b"a"}}


@pytest.fixture
def folder(tmp_path):
    """Two frames of a real clip and one of its fake in a training source; a recording and its swap, held out."""
    faces = [
        ROW | {"video": "x/set/back.mp4"},
        ROW | {"video": "x/set/back.mp4", "image": {"bytes": b"b"}},
        ROW | {"video": "x/set/fake.mp4", "label": 1, "family": "reenact"},
        ROW | {"video": "x/set/other.mp4", "label": 1, "family": "reenact", "person": "q"},
    ]
    live = ROW | {"source": "iperov/DeepFaceLive"}
    recordings = [
        live | {"video": "1_swap", "label": 1, "family": "swap", "recording": 1},
        live | {"video": "1_original", "recording": 1},
        live | {"video": "2_swap", "label": 1, "family": "swap", "recording": 2},
    ]
    for name, rows in zip(CLIP_FILES, (faces, recordings), strict=True):
        parquet.write_table(pa.Table.from_pylist(rows), tmp_path / name)
    return tmp_path


def test_frames_of_a_video_are_one_clip_and_groups_are_chosen(folder):
    clips = read_clips(folder)
    assert [(clip.video, clip.label, clip.family, clip.group) for clip in clips] == [
        ("x/set/back.mp4", 0, "real", "training"),
        ("x/set/fake.mp4", 1, "reenact", "training"),
        ("x/set/other.mp4", 1, "reenact", "training"),
        ("1_swap", 1, "swap", "held_out"),
        ("1_original", 0, "real", "held_out"),
        ("2_swap", 1, "swap", "held_out"),
    ]
    assert clips[0].frames == (b"a", b"b")
    assert [clip.video for clip in read_clips(folder, ("held_out",))] == ["1_swap", "1_original", "2_swap"]


def test_originals_share_folder_and_person_or_the_recording(folder):
    assert originals(read_clips(folder)) == {1: [0], 3: [4]}


def test_a_missing_file_a_lacking_column_and_damage_are_one_sentence(folder):
    path = folder / CLIP_FILES[1]
    parquet.write_table(parquet.read_table(path).drop_columns(["family", "person"]), path)
    with pytest.raises(BadData, match=r"live-swaps.parquet lacks the columns family, person; fetch it again"):
        read_clips(folder)
    path.write_bytes(b"PAR1 nothing")
    with pytest.raises(BadData, match="no readable parquet file"):
        read_clips(folder)
    path.unlink()
    with pytest.raises(BadData, match="does not exist"):
        read_clips(folder)


def test_a_source_in_no_group_is_refused(folder):
    path = folder / CLIP_FILES[0]
    parquet.write_table(pa.Table.from_pylist([ROW | {"video": "v", "source": "new/source"}]), path)
    with pytest.raises(BadData, match="new/source"):
        read_clips(folder)
