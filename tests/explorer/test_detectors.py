from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from explorer.detectors import guest_named, openers, rows_of, views_of
from model_zoo.errors import BadGuest
from model_zoo.guest import Refused, View
from model_zoo.guests.admission import admit
from model_zoo.guests.declared import Declared
from model_zoo.guests.measured import row_of
from model_zoo.manifest import RELEASE
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.fakes import everywhere, report_of
from tests.support.guests import levels, write_onnx_guest

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)


@pytest.fixture
def zoo(tmp_path, monkeypatch) -> Zoo:
    """With an ONNX guest, scores of another detector, and one that is refused; none was measured on this machine."""
    monkeypatch.setattr("explorer.detectors.row_of", partial(row_of, cache=tmp_path / "cache"))
    folder = write_onnx_guest(tmp_path / "tiny")
    (tmp_path / "scores.csv").write_text(f"clip_sha256,time_s,p_fake\n{'a' * 64},0,0.5\n")
    declared = Declared("tiny", folder=str(folder)), Declared("mine", folder=str(tmp_path), file="scores.csv")
    guests, _ = admit(declared, tmp_path, 10**6)
    return replace(ZOO, guests=guests, refused=(Refused("gone", "user/gone", "there is no such thing"),))


def test_guests_stand_after_the_zoo(zoo):
    rows = rows_of(zoo)
    assert list(rows)[-2:] == ["tiny", "mine"] and "lite0" in rows
    assert (rows["tiny"].macs, rows["tiny"].params, rows["tiny"].metrics) == (0, 17, {})
    assert guest_named(zoo, "tiny").name == "tiny" and guest_named(zoo, "lite0") is None


def test_each_opens_as_what_it_is(zoo):
    opened = openers(zoo, ["tiny", "gone"])
    assert opened["tiny"]().run(levels())[0].shape == (3,)
    with pytest.raises(BadGuest, match="there is no such thing"):
        opened["gone"]()


def test_views_are_those_of_the_guests_that_are_asked_for(zoo):
    assert views_of(zoo, ["tiny", "lite0", "mine"]) == [View(1.3, 32, 32, "bilinear")]
    assert views_of(zoo, ["lite0"]) == []


def test_a_guest_runs_beside_and_what_has_no_scores_is_named(zoo, portrait_clip):
    names = ["tiny", "mine", "gone"]
    report = report_of(portrait_clip, openers(zoo, names), everywhere, frames=3, views=views_of(zoo, names))
    [result] = report.variants
    assert result.name == "tiny" and np.isfinite(result.frame_p_fake).all() and result.ms_per_face is not None
    assert result.evidence.shape == (3, 32, 32)
    assert all(set(face.views) == {result.view} for face in report.faces)
    assert [error.variant for error in report.errors] == ["mine", "gone"]
    assert "has no scores of this clip" in report.errors[0].message


def test_a_variant_that_looks_at_more_than_the_tight_crop_says_so_in_its_declaration(zoo):
    assert views_of(zoo, ["meso4_df", "lite0"]) == [View(1.02, 256, 256, down=0.06)]
