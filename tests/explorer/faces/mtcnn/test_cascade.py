"""The cascade finds what facenet-pytorch's own code finds."""

import numpy as np
import pytest
import torch
from facenet_pytorch import MTCNN

from explorer.faces.mtcnn.cascade import Candidates, Networks, detect
from explorer.faces.mtcnn.networks import networks, on_torch
from explorer.faces.working_size import MIN_FACE_SIDE, scaled
from explorer.video.reader import probe, read_frames, sample_times


@pytest.fixture(scope="module")
def library() -> MTCNN:
    return MTCNN(keep_all=True, min_face_size=MIN_FACE_SIDE, device="cpu")


def sorted_by_score(boxes, scores) -> tuple[np.ndarray, np.ndarray]:
    if boxes is None:
        return np.empty((0, 4)), np.empty(0)
    order = np.argsort(-np.asarray(scores, float))
    return np.float32(boxes)[order], np.float32(scores)[order]


def same_faces(frames: np.ndarray, library: MTCNN, runs: Networks) -> int:
    """How many faces both find; fails where they differ."""
    with torch.inference_mode():
        wanted = list(zip(*library.detect(frames), strict=True))
    detections = detect(frames, runs, MIN_FACE_SIDE)
    off = []
    for ours, theirs in zip(detections, wanted, strict=True):
        (boxes, scores), (their_boxes, their_scores) = sorted_by_score(*ours), sorted_by_score(*theirs)
        assert boxes.shape == their_boxes.shape
        assert np.allclose(scores, their_scores, atol=0.01)
        off += list(np.abs(boxes - their_boxes).max(axis=1))
    assert max(off) < 2  # pixels; a candidate at the edge may lead elsewhere
    assert np.median(off) < 0.01
    return len(off)


def frames_of(clip, count: int) -> np.ndarray:
    info = probe(clip)
    return np.stack([scaled(frame.image)[0] for frame in read_frames(clip, info, sample_times(info, count))])


@pytest.mark.heavy
@pytest.mark.parametrize("runs", [networks, on_torch])
def test_the_same_faces_as_the_library(portrait_clip, library, runs):
    assert same_faces(frames_of(portrait_clip, 4), library, runs()) == 4


@pytest.mark.heavy
@pytest.mark.parametrize("clip", ["real_several_shots.mp4", "fake_uadfv_0048.mp4", "real_face1.mp4"])
def test_the_same_faces_of_real_clips(real_clips, library, clip):
    assert same_faces(frames_of(real_clips / clip, 4), library, networks()) >= 4


@pytest.mark.heavy
def test_the_same_faces_where_there_are_several_and_they_are_cut(portrait_clip, library):
    image = frames_of(portrait_clip, 1)[0]
    half = image[:, : image.shape[1] // 2]
    assert same_faces(np.concatenate([half, image, image], axis=1)[None], library, networks()) >= 2


@pytest.mark.parametrize("shape", [(1, 16, 16, 3), (2, 31, 400, 3), (1, 120, 160, 3)])
def test_nothing_in_nothing(shape):
    for boxes, scores in detect(np.full(shape, 77, np.uint8), networks(), MIN_FACE_SIDE):
        assert (boxes.shape, scores.shape) == ((0, 4), (0,))


def candidates(boxes: list, scores: list[float], owners: list[int]) -> Candidates:
    offsets = np.tile(np.float32([0.1, 0, 0, 0.2]), (len(boxes), 1))
    return Candidates(np.float32(boxes), np.array(owners), np.float32(scores), offsets)


def test_of_two_alike_the_better_one_stays_in_each_frame():
    box, near = [0, 0, 10, 10], [0, 0, 10, 9]  # they share 0.9
    kept = candidates([box, near, near, [50, 50, 60, 60]], [0.8, 0.9, 0.7, 0.6], [0, 0, 1, 0]).nms()
    assert sorted(kept.scores.tolist()) == pytest.approx([0.6, 0.7, 0.9])


def test_a_part_of_a_better_one_goes():
    large, inside, half_out = [0, 0, 100, 100], [10, 10, 40, 40], [90, 0, 130, 40]
    kept = candidates([large, inside, half_out, inside], [0.9, 0.8, 0.7, 0.6], [0, 0, 0, 1]).without_parts()
    assert kept.scores.tolist() == pytest.approx([0.9, 0.7, 0.6])


def test_moved_and_squared():
    kept = candidates([[10, 20, 29, 59]], [1], [0])
    assert kept.regressed().boxes.tolist() == [[12, 20, 29, 67]]  # a tenth of 20 pixels, a fifth of 40
    assert kept.regressed(border=0).boxes[0] == pytest.approx([11.9, 20, 29, 66.8])
    assert kept.as_squares().boxes.tolist() == [[0, 20, 39, 59]]
