import cv2
import numpy as np
import pytest

from explorer.errors import UnknownOption
from explorer.faces.boxes import crop_squares, iou
from explorer.faces.finders import FINDERS, finder_named
from explorer.video.reader import probe, read_frames, sample_times

pytestmark = pytest.mark.heavy  # whole finders on whole frames


def images(path, count):
    info = probe(path)
    return [frame.image for frame in read_frames(path, info, sample_times(info, count))]


def overlaps(frames) -> list[float]:
    """IoU of the crops that both finders lead to, where both found a face."""
    pairs = zip(finder_named("haar")(frames), finder_named("mtcnn")(frames), strict=True)
    return [iou(crop_squares(a[:1]), crop_squares(b[:1]))[0] for a, b in pairs if len(a) and len(b)]


@pytest.mark.parametrize("name", FINDERS)
def test_finds_the_face_in_frame_pixels(portrait_clip, name):
    for image in images(portrait_clip, 4):
        large = np.repeat(np.repeat(image, 3, axis=0), 3, axis=1)  # 1440 px: detected on a scaled frame
        (small_box,), (large_box,) = finder_named(name)([image])[0], finder_named(name)([large])[0]
        assert iou(small_box * 3, large_box)[0] > 0.75
        x0, y0, x1, y1 = small_box
        assert x0 < 240 < x1 and y0 < 240 < y1  # the example's camera keeps the face in the middle


@pytest.mark.parametrize("name", FINDERS)
def test_a_face_taller_than_the_picture(portrait_clip, name):
    for whole in images(portrait_clip, 3):
        near = cv2.resize(whole[70:336, 107:373], (480, 480), interpolation=cv2.INTER_AREA)
        expected = (finder_named("mtcnn")([whole])[0][:1] - [107, 70, 107, 70]) * 480 / 266
        assert iou(finder_named(name)([near])[0][:1], expected.astype(np.float32))[0] > 0.7
        assert expected[0, 3] > 480


@pytest.mark.parametrize("name", FINDERS)
def test_no_face_is_no_box(name):
    (boxes,) = finder_named(name)([np.full((120, 160, 3), 77, np.uint8)])
    assert boxes.shape == (0, 4)
    assert finder_named(name)([]) == []


@pytest.mark.parametrize("shape", [(16, 16, 3), (4, 900, 3), (1, 1, 3)])
@pytest.mark.parametrize("name", FINDERS)
def test_tiny_frames_show_no_face(name, shape):
    (boxes,) = finder_named(name)([np.zeros(shape, np.uint8)])
    assert boxes.shape == (0, 4)


@pytest.mark.parametrize("name", FINDERS)
def test_all_faces_are_found_the_largest_first(portrait_clip, name):
    image = images(portrait_clip, 1)[0]
    both = np.full((480, 840, 3), 128, np.uint8)
    both[:, :480] = image
    both[100:340, 560:800] = image[::2, ::2]
    (large, small) = finder_named(name)([both])[0]
    assert (large[0] + large[2]) / 2 < 480 < (small[0] + small[2]) / 2
    assert large[2] - large[0] == pytest.approx(2 * (small[2] - small[0]), rel=0.3)


def test_both_finders_lead_to_the_same_crops(portrait_clip):
    assert np.mean(overlaps(images(portrait_clip, 32))) >= 0.8


@pytest.mark.parametrize("clip", ["real_conan.mp4", "real_face4.mp4", "pair_fake.mp4"])
def test_both_finders_lead_to_the_same_crops_of_real_clips(real_clips, clip):
    assert np.mean(overlaps(images(real_clips / clip, 8))) >= 0.8


@pytest.mark.parametrize("name", FINDERS)
def test_frames_may_change_their_size(portrait_clip, name):
    image = images(portrait_clip, 1)[0]
    (whole,), (padded,), (again,) = finder_named(name)([image, np.pad(image, ((0, 80), (0, 0), (0, 0))), image])
    assert iou(whole, padded)[0] > 0.75
    assert np.allclose(whole, again, atol=0.5)


def test_unknown_finder():
    with pytest.raises(UnknownOption, match="choose one of mtcnn-tracked, mtcnn, haar"):
        finder_named("eyes")
