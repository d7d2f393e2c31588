"""Two clips, detector by detector."""

from dataclasses import replace

from explorer.pages.components.pair_table import pair_table
from explorer.structures import ClipInfo
from tests.support.html import Reader, text
from tests.support.reports import clip, face, judged, report


def of(p_fake: float, *names: str, name: str = "a.mp4"):
    verdict = "fake" if p_fake > 0.5 else "real"
    return report([face()], [judged(each, (p_fake,), verdict=verdict) for each in names], of=clip(name))


def test_a_row_says_what_each_clip_got_and_how_far_apart_they_are():
    page = pair_table(of(0.9, "b0", "lite0"), of(0.25, "lite0", name="b.mp4"), ["lite0", "b0"])
    assert "detector a.mp4 b.mp4 difference" in text(page)
    assert "Small: Lite0 lite0 ▲ fake 0.90 ▼ real 0.25 \N{MINUS SIGN}0.65" in text(page)
    assert text(page).endswith("Large: EfficientNet-B0 b0 ▲ fake 0.90 not run \N{EN DASH}")
    assert Reader(page).open == []


def test_names_are_no_markup_and_no_row_is_no_table():
    named = replace(of(0.9, "b0"), clip=ClipInfo(**vars(clip()) | {"name": "<img>"}))
    assert "img" not in Reader(pair_table(named, named, ["b0"])).tags
    assert pair_table(report(), report(), ["b0"]) == ""


def test_without_a_face_there_is_no_difference():
    blind = report([], [judged("b0", (), verdict="no face")])
    assert text(pair_table(of(0.9, "b0"), blind, ["b0"])).endswith("▲ fake 0.90 no face \N{EN DASH}")
