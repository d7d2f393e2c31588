from dataclasses import replace

import numpy as np

from explorer.caveats import caveats
from explorer.structures import ClipInfo, Cpu, Face, Report, VariantError

CLIP = ClipInfo("a.mp4", 2.0, 640, 480, 25.0, 0.0, np.arange(50) / 25, np.array([0.0]))


def report(count: int, width: float, level: int) -> Report:
    crop = np.full((224, 224, 3), level, np.uint8)
    box = np.array([100, 100, 100 + width, 100 + width], np.float32)
    faces = tuple(Face(i / 10, box, crop) for i in range(count))
    return Report(CLIP, 20, faces, Cpu("a processor", 2, 2, ()), {}, (), ())


def test_a_good_clip_leaves_none():
    assert caveats(report(8, 64, 50)) == ()


def test_what_makes_a_clip_hard_is_said():
    assert caveats(report(1, 40.4, 20)) == (
        "the faces are only 40 px wide", "the faces are dark", "only 1 sampled frame shows a face",
    )  # fmt: skip
    assert caveats(report(7, 200, 90)) == ("only 7 sampled frames show a face",)


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
