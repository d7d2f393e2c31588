import numpy as np
import pytest

from explorer.faces.boxes import iou
from explorer.faces.mtcnn.finder import mtcnn
from explorer.faces.mtcnn.tracked import DETECTION_INTERVAL, mtcnn_tracked
from explorer.video.reader import probe, read_frames, sample_times

pytestmark = pytest.mark.heavy  # the whole cascade on a dozen frames


@pytest.fixture(scope="module")
def frames(portrait_clip):
    info = probe(portrait_clip)
    return [frame.image for frame in read_frames(portrait_clip, info, sample_times(info, 12))]


@pytest.fixture
def calls(monkeypatch):
    """How often the whole cascade runs."""
    seen = []

    def counting(images):
        seen.extend(images)
        return mtcnn(images)

    monkeypatch.setattr("explorer.faces.mtcnn.tracked.mtcnn", counting)
    return seen


def test_followed_faces_lie_where_the_whole_cascade_sees_them(frames, calls):
    followed, everywhere = mtcnn_tracked()(frames), mtcnn(frames)
    overlaps = iou(np.concatenate(followed), np.concatenate(everywhere))
    assert len(overlaps) == len(frames)
    assert overlaps.mean() > 0.9
    assert overlaps.min() > 0.75


def test_faces_are_sought_everywhere_in_one_of_a_few_frames(frames, calls):
    find = mtcnn_tracked()
    for image in frames:
        find([image])
    assert len(calls) == len(frames) / DETECTION_INTERVAL


def test_a_cut_and_a_lost_face_make_it_look_everywhere(frames, calls):
    find, grey = mtcnn_tracked(), np.full_like(frames[0], 128)
    boxes_by_frame = [boxes for image in (frames[0], grey, frames[1]) for boxes in find([image])]
    assert [len(boxes) for boxes in boxes_by_frame] == [1, 0, 1]
    assert len(calls) == 3


def test_each_clip_is_followed_for_itself(frames, calls):
    mtcnn_tracked()(frames[:1])
    mtcnn_tracked()(frames[:1])
    assert len(calls) == 2
