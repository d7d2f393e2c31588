"""What is kept of a run for its visitor."""

from dataclasses import replace

import cv2
import numpy as np

from explorer.pages.components.kept import kept, restored_report
from explorer.server.sizes import size_of
from model_zoo.guest import View
from tests.support.reports import face, report


def test_a_report_comes_back_as_it_was_but_for_the_last_bits_of_its_crops(face_report):
    smooth = tuple(replace(each, crop=cv2.GaussianBlur(each.crop, (0, 0), 3)) for each in face_report.faces)
    first = replace(face_report, faces=smooth)
    back = restored_report(kept(first))
    assert replace(back, faces=(), brightness=None) == replace(first, faces=())
    for before, after in zip(first.faces, back.faces, strict=True):
        assert (after.time_s, after.person) == (before.time_s, before.person)
        assert np.array_equal(after.box, before.box)
        assert after.crop.shape == (224, 224, 3)
        assert np.abs(after.crop.astype(int) - before.crop).mean() < 1


def test_colours_stay_where_they_are():
    red = np.zeros((224, 224, 3), np.uint8)
    red[..., 0] = 200
    (back,) = restored_report(kept(report([replace(face(), crop=red)]))).faces
    assert np.abs(back.crop.astype(int) - red).max() <= 2


def test_it_takes_a_fraction_of_the_memory():
    portrait = cv2.resize(np.random.default_rng(0).integers(0, 256, (14, 14, 3), np.uint8), (224, 224))
    full = report([replace(face(index), crop=portrait.copy()) for index in range(20)])
    assert size_of(kept(full)) < size_of(full) / 5


def test_what_guests_saw_comes_back_too():
    view = View(1.3, 32, 32)
    (back,) = restored_report(kept(report([replace(face(), views={view: np.full((32, 32, 3), 90, np.uint8)})]))).faces
    assert np.abs(back.views[view].astype(int) - 90).max() <= 2


def test_of_a_report_without_crops_the_rest_is_kept():
    dark = kept(report([face(level=40)]))
    assert not dark.report.pictured and dark.report.grey_level == 40
    again = kept(dark.report)
    assert again.crops == () and restored_report(again) == dark.report


def test_nothing_stays_nothing():
    assert restored_report(None) is None


def test_it_has_a_hash_by_which_the_page_sees_another_run():
    view = View(margin=1.3, resized=96, side=96)
    seen = replace(face(), views={view: np.zeros((96, 96, 3), np.uint8)})
    last, another = kept(report([seen])), kept(report([seen]))
    assert hash(last) == hash(last) != hash(another)
