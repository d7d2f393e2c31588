from dataclasses import replace

import numpy as np

from explorer.caveats import caveats
from explorer.structures import ClipInfo, Cpu, Face, Report

CLIP = ClipInfo("a.mp4", 2.0, 640, 480, 25.0, 0.0, np.arange(50) / 25, np.array([0.0]))


def report(count: int, width: float, level: int) -> Report:
    crop = np.full((224, 224, 3), level, np.uint8)
    faces = tuple(Face(i / 10, np.array([0, 0, width, width], np.float32), crop) for i in range(count))
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
