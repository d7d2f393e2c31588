import numpy as np
import pytest

from explorer.faces import rivals
from explorer.faces.rivals import DLIB, FACENET, RIVALS, TENSORFLOW, as_boxes, installed, missing_sentence
from explorer.video.reader import probe, read_frames, sample_times


def test_what_is_not_installed_is_said_with_the_command_that_brings_it(monkeypatch):
    monkeypatch.setattr(rivals, "installed", lambda: [FACENET])
    assert missing_sentence() == (
        "Not installed here: dlib, tensorflow-mtcnn. `python -m pip install -r benchmarks/requirements.txt` brings "
        "them into the race."
    )
    monkeypatch.setattr(rivals, "installed", lambda: list(RIVALS))
    assert missing_sentence() == ""


def test_boxes_come_the_largest_first_and_none_are_no_row():
    assert as_boxes([(0, 0, 2, 2), (5, 5, 9, 9)]).tolist() == [[5, 5, 9, 9], [0, 0, 2, 2]]
    for nothing in (None, []):
        assert as_boxes(nothing).shape == (0, 4)


@pytest.mark.heavy
@pytest.mark.parametrize("name", [FACENET, DLIB, TENSORFLOW])
def test_each_finds_the_portraits_face_where_it_is_installed(name, portrait_clip):
    if name not in installed():
        pytest.skip(f"{name} is not installed")
    info = probe(portrait_clip)
    portrait = next(iter(read_frames(portrait_clip, info, sample_times(info, 1)))).image
    face, nothing = RIVALS[name][1]()([portrait, np.full_like(portrait, 127)])
    assert len(face) == 1 and face.dtype == np.float32
    assert len(nothing) == 0
    x0, y0, x1, y1 = face[0]
    height, width = portrait.shape[:2]
    assert x0 < width / 2 < x1 and y0 < height / 2 < y1
