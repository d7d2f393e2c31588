"""What the row of a detector says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.pages.components.detector_table import Run, detector_table
from explorer.structures import PersonScore, Spread, Stretch, VariantError
from model_zoo.guest import Guest, Labels, View
from model_zoo.manifest import Released
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, text
from tests.support.reports import clip, face, judged, report

BUNDLE = Zoo(Path("somewhere"), BUNDLED, "abcdef123456")
COLOURS = {"b0": "#0072B2", "lite0": "#E69F00", "lite0_kd": "#009E73"}
B0 = judged("b0", (0.1, 0.3), verdict="real", ms_per_face=Spread(10.0, 1.0), size_mb=16.3)
LITE0 = judged("lite0", (0.7, 0.8), ms_per_face=Spread(4.0, 0.5), size_mb=13.7, params=3_372_289)
DISTILLED = judged("lite0_kd", (0.45,), verdict="uncertain", ms_per_face=Spread(5.0, 0.5), size_mb=6.9)


def table(*results, zoo: Zoo = BUNDLE, released=None, **changes) -> str:
    return detector_table(Run(results, **changes), COLOURS, zoo, released or {})


def bodies(page: str) -> list[dict[str, str]]:
    return Reader(page).attributes("tbody")


def test_a_guest_says_where_it_is_from_and_how_it_was_read():
    labels, view = Labels(("fake", "real"), (0,), (1,)), View(1.3, 256, 224, "bicubic")
    guest = Guest("lite0", "user/a", "c" * 40, "onnx", Path("f"), "model.onnx", "d" * 64, 9, 8, view, labels)
    said = text(table(LITE0, zoo=replace(BUNDLE, guests=(guest,))))
    assert "user/a at ccccccc" in said and "fake: fake (output 0); real: real (output 1); sees the middle 224" in said


def test_rows_stand_in_the_order_of_the_zoo_however_they_come_in():
    assert [row["data-name"] for row in bodies(table(DISTILLED, B0, LITE0))] == ["b0", "lite0", "lite0_kd"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("data-place", ["b0", "lite0", "lite0_kd"]),
        ("data-suspicion", ["lite0", "lite0_kd", "b0"]),
        ("data-ms", ["lite0", "lite0_kd", "b0"]),
        ("data-mb", ["lite0_kd", "lite0", "b0"]),
    ],
)
def test_what_a_click_on_a_head_sorts_by_puts_the_first_first(key, expected):
    page = table(B0, LITE0, DISTILLED)
    assert key.removeprefix("data-") in {head.get("data-sort") for head in Reader(page).attributes("button")}
    assert [row["data-name"] for row in sorted(bodies(page), key=lambda row: float(row[key]))] == expected


def test_a_row_says_name_verdict_probability_and_cost():
    page = text(table(B0, LITE0))
    assert "Large: EfficientNet-B0 b0 10.0 ms a face · 16.3 MB ▼ real 0.20 10.0 16.3" in page
    assert "Small: Lite0 lite0 4.0 ms a face · 13.7 MB ▲ fake 0.75 4.0 13.7" in page
    assert "EfficientNet-Lite0 on none · revision abcdef1" in page
    assert "ms per face, median (IQR) 4.0 (0.5) speed-up over b0 2.50 \N{MULTIPLICATION SIGN}" in page
    assert "frames above threshold 50% threshold 0.50 parameters 3.37 M size 13.7 MB" in page


def test_what_else_is_known_waits_until_the_row_is_opened():
    page = Reader(table(LITE0))
    (about,) = [row for row in page.attributes("tr") if row.get("class") == "about"]
    assert "hidden" in about
    assert [button["aria-expanded"] for button in page.attributes("button") if "aria-expanded" in button] == ["false"]


def test_auc_is_what_was_measured():
    row = Released("b0", "x", 32, "b0/model.onnx", {"b0/model.onnx": ""}, 1, 1, 1, metrics={"test": {"auc": 0.9136}})
    assert "16.3 0.914" in text(table(B0, released={"b0": row}))
    assert "16.3 \N{EN DASH}" in text(table(B0))


def test_without_the_baseline_there_is_no_speed_up():
    assert "speed-up over b0 \N{EN DASH}" in text(table(LITE0))


def test_the_bar_shows_the_unsure_band_the_threshold_and_the_probability():
    page = Reader(table(judged("b0", (0.75,), threshold=0.6)))
    (bar,) = [each for each in page.attributes("div") if each.get("class") == "bar"]
    assert bar["style"] == "--low:50.0%;--high:70.0%"
    assert bar["aria-label"] == "p_fake 0.75, threshold 0.60"
    assert [page.attributes(mark)[0]["style"] for mark in ("em", "u")] == ["left:60.0%", "left:75.0%"]


def test_no_face_is_no_number():
    page = table(judged("b0", (), verdict="no face", fake_frame_rate=None))
    assert "no face \N{EN DASH} \N{EN DASH} 0.1" in text(page)
    assert "No face to judge." in text(page)
    assert not Reader(page).attributes("u")


@pytest.mark.parametrize(
    ("p_fake", "words"),
    [
        ((0.45, 0.55), ["Between 0.40 and 0.60 it is too close to call."]),
        (
            (0.1, 0.9),
            [
                "Between 0.40 and 0.60 it is too close to call.",
                "Its opinion swings from 0.10 to 0.90 between frames.",
            ],
        ),
    ],
)
def test_an_unsure_row_says_why(p_fake, words):
    page = table(judged("b0", p_fake, verdict="uncertain"))
    assert re.findall(r"<p>([^<]*\.)</p>", page) == words
    assert "? unsure" in text(page)


def test_a_row_names_the_kinds_of_forgery_it_guesses_on():
    page = text(table(judged("b0", guesses_on=("lipsync", "generated"))))
    assert "No better than chance, on clips from elsewhere, at: lip-syncs, generated heads." in page
    assert "chance" not in text(table(B0))


def test_a_row_links_to_the_model_card_of_the_revision_that_is_served():
    page = table(B0, zoo=Zoo(Path("somewhere"), "user/zoo", "abcdef123456"))
    (link,) = Reader(page).attributes("a")
    assert link["href"] == "https://huggingface.co/user/zoo/blob/abcdef123456/b0/README.md"
    assert "card at abcdef1" in text(page)


def test_what_did_not_run_has_a_row_that_says_why_and_what_has_not_run_yet_one_that_waits():
    errors = [VariantError("lite0", "model.onnx is altered"), VariantError(None, "no face in 4 sampled frames")]
    page = table(B0, errors=errors, waiting=["b0", "lite0", "lite0_kd"])
    assert [row["data-name"] for row in bodies(page)] == ["b0", "lite0", "lite0_kd"]
    assert text(page).endswith(
        "lite0 not run model.onnx is altered Small, taught by B0 lite0_kd \N{HORIZONTAL ELLIPSIS}"
    )
    assert table() == ""


def test_a_row_has_the_colour_of_its_curve():
    (line,) = Reader(table(LITE0)).attributes("line")
    assert line["stroke"] == "#E69F00"
    keys = [each["stroke-dasharray"] for each in Reader(table(LITE0, DISTILLED)).attributes("line")]
    assert len(set(keys)) == 2  # their curves differ by the dash


def test_a_row_says_when_somebody_looks_fake():
    one = PersonScore(1, 10, 0.4, "fake", (Stretch(40.7, 98.9, 0.9),))
    always = PersonScore(2, 10, 0.9, "fake", (Stretch(0.5, 99.0, 0.9),))
    seen = report([face(1.0)], frames=50, of=clip(duration_s=100.0))
    alone, both = judged("b0", people=(one,)), judged("b0", people=(always, one))
    assert "Fake from 41 s to the end." in text(table(alone, report=seen))
    assert "Person 1 looks fake from 41 s to the end." in text(table(both, report=seen))
    assert "Person 2" not in text(table(both, report=seen))
    assert "41 s" not in text(table(alone))  # how long the clip is, is not known yet


def test_nothing_of_an_error_is_markup():
    page = table(errors=[VariantError("<b>x</b>", "<img src=x>")])
    assert not Reader(page).tags & {"img"} and "&lt;img" in page


def test_a_speed_up_that_a_busy_machine_made_is_none():
    busy = judged("lite0", (0.7,), ms_per_face=Spread(10.5, 4.0))
    page = text(table(B0, busy))
    assert "speed-up over b0 1.00" in page  # of itself
    assert "speed-up over b0 unsteady" in page
