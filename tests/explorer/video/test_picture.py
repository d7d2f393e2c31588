from fractions import Fraction

import av
import cv2
import numpy as np
import pytest

from explorer.structures import Geometry
from explorer.video.picture import Renderer, deinterlaced, fitted, geometry_of
from explorer.video.reader import probe, read_frames
from tests.support.clips import picture
from tests.support.streams import encoded, show_through

# what a stored picture is under a matrix (a, b, c, d) that shows picture(): a inverse of the matrix's own action
STORED = {
    (1, 0, 0, 1): lambda image: image,
    (-1, 0, 0, 1): lambda image: image[:, ::-1],
    (1, 0, 0, -1): lambda image: image[::-1],
    (-1, 0, 0, -1): lambda image: image[::-1, ::-1],
    (0, 1, 1, 0): lambda image: image.transpose(1, 0, 2),
    (0, 1, -1, 0): lambda image: np.rot90(image, 1),
    (0, -1, 1, 0): lambda image: np.rot90(image, -1),
    (0, -1, -1, 0): lambda image: image[::-1, ::-1].transpose(1, 0, 2),
}


@pytest.mark.parametrize("matrix", STORED)
def test_every_display_matrix(tmp_path, matrix):
    stored = np.ascontiguousarray(STORED[matrix](picture()))
    clip = tmp_path / "phone.mp4"
    encoded(clip, size=stored.shape[1::-1], images=[stored] * 2, crf="10")
    info = probe(show_through(clip, matrix))
    frame = next(read_frames(clip, info, info.frame_times))
    assert (info.width, info.height) == (96, 64)
    assert np.abs(frame.image.astype(int) - picture()).mean() < 6
    if matrix in ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)):  # OpenCV knows rotations only
        _, reference = cv2.VideoCapture(str(clip)).read()
        assert np.abs(frame.image.astype(int) - reference[..., ::-1]).mean() < 6


# Y, U, V of pure red, as H.273 has it: BT.601 and BT.709, limited and full range
REDS = {(6, 1): (81, 90, 240), (1, 1): (63, 102, 240), (6, 2): (76, 85, 255), (1, 2): (54, 99, 255)}


def flat(yuv: tuple[int, int, int], size: tuple[int, int] = (64, 48), bits: int = 8) -> av.VideoFrame:
    width, height = size
    kind, scale = (np.uint8, 1) if bits == 8 else (np.uint16, 1 << (bits - 8))
    planes = [
        np.full(width * height // share, value * scale, kind) for share, value in zip((1, 4, 4), yuv, strict=True)
    ]
    stacked = np.concatenate(planes).reshape(height * 3 // 2, width)
    return av.VideoFrame.from_ndarray(stacked, format="yuv420p" if bits == 8 else "yuv420p10le")


def middle(frame: av.VideoFrame) -> list[int]:
    return Renderer(geometry_of(frame, None))(frame)[20, 20].tolist()


@pytest.mark.parametrize("bits", [8, 10])
@pytest.mark.parametrize(("matrix", "scale"), REDS)
def test_red_is_red_by_every_matrix_and_range(matrix, scale, bits):
    frame = flat(REDS[matrix, scale], bits=bits)
    frame.colorspace, frame.color_range = matrix, scale
    assert middle(frame) == pytest.approx([255, 0, 0], abs=4)


def test_colours_without_a_matrix_are_guessed_by_size_as_players_do():
    assert middle(flat(REDS[6, 1])) == pytest.approx([255, 0, 0], abs=4)
    assert middle(flat(REDS[1, 1], (1280, 720))) == pytest.approx([255, 0, 0], abs=4)


def test_pq_becomes_bt709():
    # 127 is 0.5068 of PQ, 98.8 cd/m2 of white's 203: 255 * (98.8 / 203) ** (1 / 2.4) = 189; taken for SDR it is 129
    frame = flat((127, 128, 128), bits=10)
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 9, 1, 16, 9
    assert middle(frame) == pytest.approx([189, 189, 189], abs=2)
    frame.color_trc, frame.color_primaries = 1, 1
    assert middle(frame) == pytest.approx([129, 129, 129], abs=2)


def test_colours_of_hdr_change_smoothly_between_their_pixels():
    width, height = 64, 48
    planes = np.full((height * 3 // 2, width), 500, np.uint16)
    blueness = np.tile(np.arange(400, 400 + 8 * 32, 8, np.uint16), height // 2)  # from column to column of its plane
    planes.reshape(-1)[width * height : width * height * 5 // 4] = blueness
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p10le")
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 9, 1, 16, 9
    steps = np.diff(Renderer(geometry_of(frame, None))(frame)[20, 8:34, 2].astype(int))
    assert steps.sum() > 150 and steps.min() > 2


def test_hdr_of_odd_size_is_one_colour_where_the_clip_is():
    frame = av.VideoFrame(63, 47, "yuv420p10le")
    for plane, value in zip(frame.planes, (500, 400, 600), strict=True):
        plane.update(np.full_like(np.frombuffer(plane, np.uint16), value).tobytes())
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 9, 1, 16, 9
    assert np.ptp(Renderer(geometry_of(frame, None))(frame), axis=(0, 1)).max() <= 1


def test_pixels_that_are_not_square(tmp_path):
    clip = encoded(tmp_path / "tv.mp4", size=(96, 96), sample_aspect=Fraction(4, 3), images=[picture(96, 96)] * 3)
    info = probe(clip)
    assert (info.width, info.height) == (128, 96)
    image = next(read_frames(clip, info, info.frame_times)).image.astype(int)
    assert np.abs(image - picture(128, 96)).mean() < 6
    turned = show_through(clip, (0, 1, -1, 0))
    assert (probe(turned).width, probe(turned).height) == (96, 128)
    assert next(read_frames(clip, probe(turned), info.frame_times[:1], 64)).image.shape == (64, 48, 3)


def test_a_frame_of_another_size_is_shown_at_the_clips():
    render = Renderer(Geometry(96, 64))
    small = av.VideoFrame.from_ndarray(picture(48, 32), format="rgb24")
    assert np.abs(render(small).astype(int) - picture(96, 64)).mean() < 6
    narrow = render(av.VideoFrame.from_ndarray(np.full((64, 48, 3), 200, np.uint8), format="rgb24"))
    assert narrow[:, 24:72].min() > 190  # in the middle
    assert narrow[:, :23].max() == narrow[:, 73:].max() == 0  # between bars


def test_fields_become_one_moment():
    height, width = 64, 96
    moments = []
    for left in (10, 20, 30, 40, 50, 60):  # a white bar moves by 10 pixels from field to field
        image = np.full((height, width, 3), 40, np.uint8)
        image[:, left : left + 20] = 220
        moments.append(image)
    frames = []
    for first, second in zip(moments[::2], moments[1::2], strict=True):
        woven = first.copy()
        woven[1::2] = second[1::2]
        frames.append(av.VideoFrame.from_ndarray(woven, format="rgb24").reformat(format="yuv420p"))
    for index, frame in enumerate(frames):
        frame.pts, frame.time_base = index, Fraction(1, 25)
    for before, after in ((frames[0], frames[2]), (None, frames[2])):
        whole = deinterlaced(before, frames[1], after).to_ndarray(format="rgb24").astype(int)
        combing = np.abs(np.diff(whole[4:-4, :, 0], axis=0)).mean()
        assert combing < 2
        assert whole[32, 31:49].min() > 180  # the first field: the bar from 30 to 50
        assert whole[32, 53:].max() < 80


def test_frames_are_scaled_down_to_even_sizes():
    assert fitted(1920, 1080, 960) == (960, 540)
    assert fitted(75, 101, None) == (75, 101)
