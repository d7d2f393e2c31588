"""A report in a file, and back."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.exports.report_file import read_report, write_report
from explorer.exports.report_json import as_json
from explorer.structures import PersonScore, Slice, Spread, Stretch, VariantError
from model_zoo.guest import View
from model_zoo.manifest import RELEASE
from model_zoo.zoo import Zoo
from tests.support.reports import face, judged, report

ZOO = Zoo(RELEASE, "user/zoo", "abc")


def test_it_comes_back_as_it_was(tmp_path):
    people = (PersonScore(1, 2, 0.5, "fake", (Stretch(0.0, 0.5, 0.9),)),)
    one = judged(
        "b0",
        (0.2, 0.8),
        people=people,
        ms_per_face=Spread(2.0, 0.1),
        guesses_on=("lipsync",),
        slices=(Slice(1, 0.0, 0.5, 0.7),),
    )
    before = report([face(0.0, level=40), face(0.5, 2)], [one], [VariantError(None, "why")])
    before = replace(before, not_judged="something")
    write_report(before, tmp_path / "report.npz")
    after = read_report(tmp_path / "report.npz")
    assert as_json(after, ZOO) == as_json(before, ZOO)
    for mine, theirs in zip(after.faces, before.faces, strict=True):
        assert np.array_equal(mine.crop, theirs.crop) and np.array_equal(mine.box, theirs.box)
    assert np.array_equal(after.variants[0].evidence, one.evidence)
    assert np.array_equal(after.clip.frame_times, before.clip.frame_times)
    assert not list(tmp_path.glob("*.partial"))


def test_what_others_saw_comes_back(tmp_path):
    view = View(1.3, 32, 32)
    seen = replace(face(), views={view: np.full((32, 32, 3), 7, np.uint8)})
    guest = judged("guest", view=view, evidence=np.empty((1, 0, 0), np.float32))
    write_report(report([seen], [guest]), tmp_path / "report.npz")
    after = read_report(tmp_path / "report.npz")
    assert np.array_equal(after.faces[0].views[view], seen.views[view])
    assert after.variants[0].view == view and after.variants[0].evidence.shape == (1, 0, 0)


def test_a_report_without_a_face_comes_back(tmp_path):
    blind = judged("b0", (), verdict="no face", fake_frame_rate=None)
    write_report(report(variants=[blind]), tmp_path / "report.npz")
    assert as_json(read_report(tmp_path / "report.npz"), ZOO) == as_json(report(variants=[blind]), ZOO)


@pytest.mark.parametrize("content", [b"", b"no zip", np.random.default_rng(0).bytes(64)])
def test_what_is_no_report_is_refused(tmp_path, content):
    (tmp_path / "report.npz").write_bytes(content)
    with pytest.raises(ValueError):
        read_report(tmp_path / "report.npz")


def test_objects_are_not_unpickled(tmp_path):
    np.savez(tmp_path / "report.npz", words=np.array([object()], dtype=object))
    with pytest.raises(ValueError):
        read_report(tmp_path / "report.npz")
