"""What a verdict card says."""

import re
from pathlib import Path

import pytest

from explorer.pages.components.cards import cards
from explorer.structures import PersonScore, Spread, Stretch, VariantError
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.html import Reader, text
from tests.support.reports import clip, face, judged, report

BUNDLE = Zoo(Path("somewhere"), BUNDLED, "abcdef123456")
COLOURS = {"b0": "#0072B2", "lite0": "#E69F00", "lite0_kd": "#009E73"}
B0 = judged("b0", (0.1, 0.3), verdict="real", ms_per_face=Spread(10.0, 1.0), size_mb=16.3)
LITE0 = judged("lite0", (0.7, 0.8), ms_per_face=Spread(4.0, 0.5), size_mb=13.7, params=3_372_289)
DISTILLED = judged("lite0_kd", (0.45,), verdict="uncertain", ms_per_face=Spread(5.0, 0.5), size_mb=6.9)


def names(page: str) -> list[str]:
    return re.findall(r"<h3>(\w+)</h3>", page)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("zoo", ["b0", "lite0", "lite0_kd"]),
        ("most suspicious", ["lite0", "lite0_kd", "b0"]),
        ("fastest", ["lite0", "lite0_kd", "b0"]),
        ("smallest", ["lite0_kd", "lite0", "b0"]),
    ],
)
def test_cards_stand_in_the_chosen_order(order, expected):
    assert names(cards([B0, LITE0, DISTILLED], [], COLOURS, order, BUNDLE)) == expected


def test_a_card_says_verdict_probability_and_cost():
    page = text(cards([B0, LITE0], [], COLOURS, "most suspicious", BUNDLE))
    assert page.startswith("lite0 EfficientNet-Lite0 on none · revision abcdef1 ▲ fake 0.75 p_fake")
    assert (
        "ms per face, median (IQR) 4.0 (0.5) speed-up over b0 2.50 \N{MULTIPLICATION SIGN} frames above threshold 50%"
        in page
    )
    assert "parameters 3.37 M size 13.7 MB" in page
    assert "▼ real 0.20 p_fake" in page


def test_without_the_baseline_there_is_no_speed_up():
    assert "speed-up over b0 \N{EN DASH}" in text(cards([LITE0], [], COLOURS, "zoo", BUNDLE))


def test_the_scale_shows_the_uncertain_band_and_the_probability():
    page = cards([judged("b0", (0.75,), threshold=0.6)], [], COLOURS, "zoo", BUNDLE)
    styles = {each["class"]: each["style"] for each in Reader(page).attributes("span") if "style" in each}
    assert styles == {"band": "left:50.0%;width:20.0%", "mark": "left:75.0%"}
    assert "0 = real threshold 0.60 1 = fake" in text(page)


def test_no_face_is_no_number():
    blind = judged("b0", (), verdict="no face", fake_frame_rate=None)
    page = cards([blind], [], COLOURS, "most suspicious", BUNDLE)
    assert "no face \N{EN DASH} p_fake" in text(page)
    assert "No face to judge." in text(page)
    assert 'class="mark"' not in page


@pytest.mark.parametrize(
    ("p_fake", "words"),
    [
        ((0.45, 0.55), "Between 0.40 and 0.60 it is too close to call."),
        (
            (0.1, 0.9),
            "Between 0.40 and 0.60 it is too close to call. Its opinion swings from 0.10 to 0.90 between frames.",
        ),
    ],
)
def test_an_uncertain_card_says_why(p_fake, words):
    page = cards([judged("b0", p_fake, verdict="uncertain")], [], COLOURS, "zoo", BUNDLE)
    assert re.search(r'<p class="why">(.*?)</p>', page)[1] == words


def test_a_clear_card_is_silent_until_the_report_tells_what_makes_the_clip_hard():
    clear = judged("b0", (0.1, 0.9))
    assert 'class="why"' not in cards([clear], [], COLOURS, "zoo", BUNDLE)
    dark = report([face(i / 10, level=20) for i in range(8)], [clear])
    assert "Hard to judge: the faces are dark." in text(cards([clear], [], COLOURS, "zoo", BUNDLE, dark))


def test_a_card_names_the_kinds_of_forgery_it_guesses_on():
    page = text(cards([judged("b0", guesses_on=("lipsync", "generated"))], [], COLOURS, "zoo", BUNDLE))
    assert "No better than chance, on clips from elsewhere, at: lip-syncs, generated heads." in page
    assert "chance" not in text(cards([B0], [], COLOURS, "zoo", BUNDLE))


def test_a_card_links_to_the_model_card_of_the_revision_that_is_served():
    page = cards([B0], [], COLOURS, "zoo", Zoo(Path("somewhere"), "user/zoo", "abcdef123456"))
    (link,) = Reader(page).attributes("a")
    assert link["href"] == "https://huggingface.co/user/zoo/blob/abcdef123456/b0/README.md"
    assert "card at abcdef1" in text(page)


def test_what_did_not_run_has_a_card_that_says_why():
    errors = [VariantError("lite0", "model.onnx is altered"), VariantError(None, "no face in 4 sampled frames")]
    page = cards([B0], errors, COLOURS, "zoo", BUNDLE)
    assert names(page) == ["b0", "lite0"]
    assert text(page).endswith("lite0 not run model.onnx is altered")


def test_a_card_has_the_colour_of_its_curve():
    (card,) = Reader(cards([LITE0], [], COLOURS, "zoo", BUNDLE)).attributes("article")
    assert card["style"] == "--variant:#E69F00"


def test_a_card_says_when_somebody_looks_fake():
    one = PersonScore(1, 10, 0.4, "fake", (Stretch(40.7, 98.9, 0.9),))
    always = PersonScore(2, 10, 0.9, "fake", (Stretch(0.5, 99.0, 0.9),))
    seen = report([face(1.0)], frames=50, of=clip(duration_s=100.0))
    alone, both = judged("b0", people=(one,)), judged("b0", people=(always, one))
    assert "Fake from 41 s to the end." in text(cards([alone], [], COLOURS, "zoo", BUNDLE, seen))
    assert "Person 1 looks fake from 41 s to the end." in text(cards([both], [], COLOURS, "zoo", BUNDLE, seen))
    assert "Person 2" not in text(cards([both], [], COLOURS, "zoo", BUNDLE, seen))
    assert "41 s" not in text(cards([alone], [], COLOURS, "zoo", BUNDLE))  # how long the clip is, is not known yet
