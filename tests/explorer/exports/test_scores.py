"""A clip as a row."""

from dataclasses import replace

from explorer.exports.scores import columns, failed, failed_row, score_row
from explorer.structures import VariantError
from model_zoo.hub import bundled_zoo
from tests.support.reports import face, judged, report

VARIANTS = ("b0", "lite0", "lite0_kd")
FACES = [face(i / 10, level=128) for i in range(4)]


def test_a_row_says_what_all_say_and_what_each_says():
    results = [judged("b0", [0.9] * 4, verdict="fake"), judged("lite0", [0.8] * 4, verdict="fake"),
               judged("lite0_kd", [0.1] * 4, verdict="real")]  # fmt: skip
    row = score_row(report(FACES, results), bundled_zoo(), VARIANTS, 1.23456)
    assert tuple(row) == columns(VARIANTS)
    assert (row["verdict"], round(row["agreement"], 3), row["faces"], row["seconds"]) == ("fake", 0.667, 4, 1.235)
    assert (row["verdict_lite0_kd"], round(row["p_fake_b0"], 6)) == ("real", 0.9)
    assert not failed(row)


def test_a_variant_that_did_not_run_is_named_and_counts_as_failed():
    broken = report(FACES, [judged("b0", [0.9] * 4, verdict="fake")], [VariantError("lite0", "broken")])
    row = score_row(broken, bundled_zoo(), ("b0", "lite0"), 1.0)
    assert (row["error"], row["p_fake_lite0"]) == ("lite0: broken", None)
    assert failed(row)


def test_no_face_is_a_verdict_and_no_failure():
    blind = replace(judged("b0", ()), verdict="no face", p_fake=None)
    row = score_row(report([], [blind], [VariantError(None, "no face in 4 frames")]), bundled_zoo(), ("b0",), 1.0)
    assert (row["verdict"], row["p_fake_b0"], row["agreement"]) == ("no face", None, None)
    assert row["error"] == "no face in 4 frames"
    assert not failed(row)


def test_a_clip_that_could_not_be_judged_has_its_sentence():
    row = failed_row("a.mp4", "a.mp4 is broken", VARIANTS)
    assert tuple(row) == columns(VARIANTS)
    assert (row["name"], row["error"], row["verdict"]) == ("a.mp4", "a.mp4 is broken", None)
    assert failed(row)
