import json

import pytest

from train.dataset.layouts import LAYOUTS, celeb_df, dfdc, faceforensics, folders
from train.errors import BadData


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def by_name(clips):
    return {clip.name: clip for clip in clips}


def forensics(root, compression="c23"):
    touch(root, *(f"original_sequences/youtube/{compression}/videos/{n}.mp4" for n in ("000", "003", "007")))
    touch(root, f"manipulated_sequences/Deepfakes/{compression}/videos/000_003.mp4")
    touch(root, f"manipulated_sequences/FaceSwap/{compression}/videos/003_000.mp4")


def test_faceforensics(tmp_path):
    forensics(tmp_path)
    clips = by_name(faceforensics(tmp_path))
    assert set(clips) == {"youtube/000", "youtube/003", "youtube/007", "Deepfakes/000_003", "FaceSwap/003_000"}
    fake = clips["Deepfakes/000_003"]
    assert (fake.label, fake.original, fake.category, fake.split) == (1, "youtube/000", "Deepfakes", None)
    assert fake.path == tmp_path / "manipulated_sequences/Deepfakes/c23/videos/000_003.mp4"
    assert (clips["youtube/003"].label, clips["youtube/003"].category) == (0, "youtube")
    assert {clip.group for clip in clips.values() if "007" not in clip.name} == {"000"}  # target and source together
    assert clips["youtube/007"].group == "007"


def test_faceforensics_with_the_part_of_actors(tmp_path):
    forensics(tmp_path)
    touch(tmp_path, "original_sequences/actors/c23/videos/01__walking.mp4")
    touch(tmp_path, "manipulated_sequences/DeepFakeDetection/c23/videos/01_02__walking__ABCDEFGH.mp4")
    touch(tmp_path, "manipulated_sequences/DeepFakeDetection/c23/videos/03_04__hugging__ABCDEFGH.mp4")
    clips = by_name(faceforensics(tmp_path))
    real, fake = clips["actors/01__walking"], clips["DeepFakeDetection/01_02__walking__ABCDEFGH"]
    assert (real.label, real.original, real.category) == (0, "actors/01__walking", "actors")
    assert (fake.label, fake.original, fake.category) == (1, "actors/01__walking", "DeepFakeDetection")
    assert real.group == fake.group
    assert clips["DeepFakeDetection/03_04__hugging__ABCDEFGH"].group not in (fake.group, clips["youtube/003"].group)


@pytest.mark.parametrize("folder", [".", "splits"])
def test_faceforensics_official_splits(tmp_path, folder):
    forensics(tmp_path)
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "val.json").write_text('[["003", "000"]]')
    clips = by_name(faceforensics(tmp_path))
    assert clips["Deepfakes/000_003"].split == clips["youtube/003"].split == "validation"
    assert clips["youtube/007"].split is None


def test_faceforensics_compressions(tmp_path):
    forensics(tmp_path, "c40")
    assert len(faceforensics(tmp_path, "c40")) == 5
    with pytest.raises(BadData, match="--compression takes c40"):
        faceforensics(tmp_path)


def test_damaged_split_file(tmp_path):
    forensics(tmp_path)
    (tmp_path / "train.json").write_text("[[")
    with pytest.raises(BadData, match=r"train.json is no list of \[AAA, BBB\] pairs"):
        faceforensics(tmp_path)


METADATA = {
    "fake.mp4": {"label": "FAKE", "original": "real.mp4", "split": "train"},
    "real.mp4": {"label": "REAL", "original": None, "split": "train"},
}


def test_dfdc_parts(tmp_path):
    for part, facts in (("0", METADATA), ("1", {"lone.mp4": {"label": "REAL", "split": "train"}})):
        folder = tmp_path / f"dfdc_train_part_{part}"
        folder.mkdir()
        (folder / "metadata.json").write_text(json.dumps(facts))
    clips = by_name(dfdc(tmp_path))
    assert set(clips) == {"fake", "real", "lone"}
    assert (clips["fake"].label, clips["fake"].original, clips["fake"].category) == (1, "real", "fake")
    assert clips["fake"].group == clips["real"].group != clips["lone"].group
    assert clips["fake"].path == tmp_path / "dfdc_train_part_0" / "fake.mp4"
    assert {clip.split for clip in clips.values()} == {None}  # "train" is said of every clip of the training parts
    assert len(dfdc(tmp_path / "dfdc_train_part_0")) == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"a.mp4": {"label": "?"}}', '{"a.mp4": 1}'])
def test_damaged_metadata(tmp_path, text):
    (tmp_path / "metadata.json").write_text(text)
    with pytest.raises(BadData, match="is not of the form"):
        dfdc(tmp_path)


def test_celeb_df(tmp_path):
    touch(tmp_path, "Celeb-real/id0_0000.mp4", "Celeb-real/id1_0000.mp4", "Celeb-real/id2_0005.mp4")
    touch(tmp_path, "YouTube-real/00170.mp4", "Celeb-synthesis/id0_id1_0000.mp4", "Celeb-synthesis/id2_id3_0005.mp4")
    (tmp_path / "List_of_testing_videos.txt").write_text(
        "1 YouTube-real/00170.mp4\n0 Celeb-synthesis/id2_id3_0005.mp4\n\n"
    )
    clips = by_name(celeb_df(tmp_path))
    fake = clips["Celeb-synthesis/id0_id1_0000"]
    assert (fake.label, fake.original, fake.category) == (1, "Celeb-real/id0_0000", "Celeb-synthesis")
    assert {clips[f"Celeb-real/id{n}_0000"].group for n in (0, 1)} == {fake.group}  # target and donor
    assert [name for name, clip in clips.items() if clip.split == "test"] == [
        "Celeb-synthesis/id2_id3_0005",
        "YouTube-real/00170",
    ]
    assert clips["Celeb-real/id2_0005"].split is None
    assert clips["Celeb-synthesis/id2_id3_0005"].original == "Celeb-real/id2_0005"


@pytest.mark.parametrize(
    ("text", "message"), [(None, "is missing"), ("0 YouTube-real/00170.mp4", "has the line '0 YouTube-real/00170.mp4'")]
)
def test_celeb_df_test_list(tmp_path, text, message):
    touch(tmp_path, "Celeb-real/id0_0000.mp4", "Celeb-synthesis/id0_id1_0000.mp4")
    if text:
        (tmp_path / "List_of_testing_videos.txt").write_text(text)
    with pytest.raises(BadData, match=message):
        celeb_df(tmp_path)


def test_folders(tmp_path):
    touch(tmp_path, "real/a.mp4", "real/b/c-1.MOV", "fake/a.mp4", "fake/swap/a_x.mp4", "fake/swap/c-1-y.webm")
    touch(tmp_path, "fake/other.mp4", "fake/notes.txt")
    clips = by_name(folders(tmp_path))
    assert len(clips) == 6
    assert {name: clip.category for name, clip in clips.items()} == {
        "real/a.mp4": "real",
        "real/b/c-1.MOV": "b",
        "fake/a.mp4": "fake",
        "fake/other.mp4": "fake",
        "fake/swap/a_x.mp4": "swap",
        "fake/swap/c-1-y.webm": "swap",
    }
    assert clips["fake/swap/a_x.mp4"].original == clips["fake/a.mp4"].original == "real/a.mp4"
    assert clips["fake/swap/a_x.mp4"].group == clips["fake/a.mp4"].group == clips["real/a.mp4"].group
    assert clips["fake/swap/c-1-y.webm"].group == clips["real/b/c-1.MOV"].group
    assert clips["fake/other.mp4"].original == "fake/other.mp4"


def test_a_fake_of_two_real_clips_holds_them_together(tmp_path):
    touch(tmp_path, "real/000.mp4", "real/003.mp4", "fake/000_003.mp4")
    clips = by_name(folders(tmp_path))
    assert len({clip.group for clip in clips.values()}) == 1
    assert clips["fake/000_003.mp4"].original == "real/000.mp4"


def test_images_two_folders_deep_are_frames_of_one_clip(tmp_path):
    touch(tmp_path, "real/tv/000/1.png", "real/tv/000/2.png", "fake/swap/000_003/1.png", "real/tv/7.jpg", "real/8.jpg")
    clips = by_name(folders(tmp_path))
    deep = [clip.group for name, clip in clips.items() if "000" in name]
    assert deep == [deep[0]] * 3
    assert len({clip.group for clip in clips.values()}) == 3


@pytest.mark.parametrize("read", LAYOUTS.values(), ids=LAYOUTS)
def test_a_wrong_path_and_a_foreign_folder(tmp_path, read):
    with pytest.raises(BadData, match="is no folder"):
        read(tmp_path / "absent")
    touch(tmp_path, "pictures/a.gif", "List_of_testing_videos.txt")
    with pytest.raises(BadData, match=r"no real and no fake clips in .* found there: .*pictures/"):
        read(tmp_path)


def test_one_class_only(tmp_path):
    touch(tmp_path, "real/a.mp4", "fake/notes.txt")
    with pytest.raises(BadData, match=r"no fake clips in .*: expected real/ and fake/ with"):
        folders(tmp_path)


def test_what_macos_leaves_beside_files_is_no_clip(tmp_path):
    forensics(tmp_path / "ff")
    touch(tmp_path / "ff", "original_sequences/youtube/c23/videos/._000.mp4")
    assert len(faceforensics(tmp_path / "ff")) == 5
    touch(tmp_path / "plain", "real/000.mp4", "fake/000_003.mp4", "real/._000.mp4", "fake/._000_003.mp4")
    assert set(by_name(folders(tmp_path / "plain"))) == {"real/000.mp4", "fake/000_003.mp4"}
    touch(
        tmp_path / "celeb", "Celeb-real/id0_0000.mp4", "Celeb-synthesis/id0_id1_0000.mp4", "Celeb-real/._id0_0000.mp4"
    )
    (tmp_path / "celeb/List_of_testing_videos.txt").write_text("")
    assert len(celeb_df(tmp_path / "celeb")) == 2
