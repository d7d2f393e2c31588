from dataclasses import replace

import numpy as np
import pytest

from explorer.caveats import caveats
from explorer.origin import NONE, Container, Credentials, Origin
from explorer.structures import ClipInfo, Cpu, Face, Report, VariantError
from tests.support.reports import judged

CLIP = ClipInfo("a.mp4", 2.0, 640, 480, 25.0, 0.0, np.arange(50) / 25, np.array([0.0]))


def report(count: int, width: float, level: int) -> Report:
    crop = np.full((224, 224, 3), level, np.uint8)
    box = np.array([100, 100, 100 + width, 100 + width], np.float32)
    faces = tuple(Face(i / 10, box, crop) for i in range(count))
    return Report(CLIP, 14, faces, Cpu("a processor", 2, 2, ()), {}, (), ())


def test_a_good_clip_leaves_none():
    assert caveats(report(8, 64, 50)) == ()


def test_what_makes_a_clip_hard_is_said():
    assert caveats(report(1, 40.4, 20)) == (
        "the faces are only 40 px wide", "the faces are dark", "only 1 sampled frame shows a face",
    )  # fmt: skip
    assert caveats(report(7, 200, 90)) == ("only 7 sampled frames show a face",)


def test_one_picture_tells_nothing_of_how_a_face_moves():
    photo = replace(report(1, 200, 90), clip=replace(CLIP, frame_times=np.zeros(1)), frames_sampled=1)
    assert caveats(photo) == ("one picture tells nothing of how the face moves",)


def test_without_crops_what_was_noted_of_them_counts():
    without = tuple(replace(face, crop=np.zeros((0, 0, 3), np.uint8)) for face in report(8, 64, 0).faces)
    bare = replace(report(8, 64, 0), faces=without)
    assert caveats(replace(bare, brightness=49.9)) == ("the faces are dark",)
    assert caveats(replace(bare, brightness=50.0)) == caveats(bare) == ()


def test_without_a_face_there_is_nothing_to_doubt():
    assert caveats(replace(report(1, 40, 20), faces=())) == ()


def test_a_face_that_the_picture_cuts_off_is_said():
    whole = report(8, 200, 90)
    large = np.array([150, 60, 600, 620], np.float32)  # its crop reaches down to 619 of 480 pixels
    cut = tuple(replace(face, box=large) if i < 5 else face for i, face in enumerate(whole.faces))
    assert caveats(replace(whole, faces=cut)) == ("the picture's edge cuts the face off in 5 of 8 crops",)
    assert caveats(replace(whole, faces=(*cut[:4], *whole.faces[4:]))) == ()


def test_what_was_not_looked_at_is_said():
    errors = (VariantError("b0", "broken"), VariantError(None, "not looked at: 1.00 to 2.00 s of a.mp4"))
    assert caveats(replace(report(8, 64, 50), errors=errors)) == ("not looked at: 1.00 to 2.00 s of a.mp4",)


def test_a_face_that_shows_seldom_is_said():
    seldom = replace(report(8, 200, 90), frames_sampled=32)
    assert caveats(seldom) == ("a face shows in only 8 of 32 sampled frames",)
    assert caveats(replace(seldom, frames_sampled=16)) == ()


def test_opinions_that_swing_between_neighbouring_frames_are_said():
    swinging, steady = judged("b0", [0.1, 0.9] * 4), judged("lite0", [0.1] * 4 + [0.9] * 4)  # a forgery that begins
    clip = report(8, 200, 90)
    assert caveats(replace(clip, variants=(swinging, swinging, steady))) == (
        "the opinion of 2 of 3 detectors swings from frame to frame",
    )
    assert caveats(replace(clip, variants=(swinging, steady))) == ()


@pytest.mark.parametrize(("codec", "said"), [("h264 (High)", ""), ("vp9", "vp9"), ("hevc (Main 10)", "hevc")])
def test_another_compression_than_was_learned_from_is_said(codec, said):
    origin = Origin(Credentials(NONE), Container("mp4", codec))
    words = (f"it is compressed as {said}, the detectors learned from H264",) if said else ()
    assert caveats(replace(report(8, 200, 90), origin=origin)) == words
