"""One sentence over all detectors, worded by bands of evidence."""

from dataclasses import replace

import numpy as np
import pytest

from explorer.exports.conclusion import conclude
from explorer.structures import PersonScore, Spread, Stretch, VariantResult
from model_zoo.manifest import Released
from tests.support.reports import clip, face, judged, report

FACES = [face(i / 10, level=128) for i in range(10)]
CLEAR = report(FACES, frames=10)  # nothing makes it hard to judge


def says(verdict: str, p_fake: float, name: str = "b0", stretches=(), person: int = 1, **changes) -> VariantResult:
    people = (PersonScore(person, 10, p_fake, verdict, tuple(stretches)),)
    return judged(name, [p_fake] * 10, verdict=verdict, people=people, **changes)


def of(*results: VariantResult, base=CLEAR):
    return conclude(replace(base, variants=results), {})


def measured(name: str, fake_rate: list[float]) -> Released:
    files = {f"{name}/model.onnx": ""}
    metrics = {"test": {"reliability": {"fake_rate": fake_rate}}}
    return Released(name, "x", 32, f"{name}/model.onnx", files, 1, 1, 1, metrics=metrics)


@pytest.mark.parametrize(
    ("verdicts", "verdict", "headline"),
    [
        (["fake"], "fake", "The one detector says fake."),
        (["uncertain"], "uncertain", "The one detector is unsure."),
        (["real"] * 3, "real", "All 3 detectors say real."),
        (["fake"] * 4 + ["uncertain"], "fake", "4 of 5 detectors say fake."),
        (["uncertain"] * 2 + ["fake"], "uncertain", "2 of 3 detectors are unsure."),
        (["fake", "real"], "split", "The detectors contradict each other: 1 says fake and 1 says real."),
        (
            ["fake"] * 2 + ["real"] + ["uncertain"] * 2,
            "split",
            "The detectors contradict each other: 2 say fake, 1 says real and 2 are unsure.",
        ),
    ],
)
def test_the_headline_counts_those_that_agree(verdicts, verdict, headline):
    found = of(*(says(word, 0.5) for word in verdicts))
    assert (found.verdict, found.headline) == (verdict, headline)


def test_without_a_face_or_a_detector_there_is_no_verdict():
    assert of().headline == "No detector could run: there is no verdict."
    blind = judged("b0", (), verdict="no face", fake_frame_rate=None)
    found = conclude(report(variants=[blind]), {})
    assert found.headline == "No face was found: there is no verdict, neither real nor fake."
    assert (found.verdict, found.level, found.evidence) == ("no face", 0, "")


def test_it_says_that_it_rests_on_one_picture():
    photo = replace(CLEAR, clip=replace(clip(), frame_times=np.zeros(1)))
    found = of(says("fake", 0.9), base=photo)
    assert found.details[0] == "The verdict rests on one picture."
    assert "one picture tells nothing of how the face moves" in found.hard
    assert "The verdict rests on one picture." not in of(says("fake", 0.9)).details


def test_it_says_since_when_more_than_half_of_them_agree():
    long = replace(report(FACES, frames=100, of=clip(duration_s=10.0)))
    early, late = Stretch(2.1, 9.8, 0.9), Stretch(3.0, 10.0, 0.9)
    found = of(says("fake", 0.6, stretches=[early]), says("fake", 0.6, stretches=[late]), base=long)
    assert found.headline == "All 2 detectors say fake, from 3.0 s to 9.8 s."
    three = of(*(says("fake", 0.6, stretches=[each]) for each in (early, early, late)), base=long)
    assert three.headline == "All 3 detectors say fake, from 2.1 s to 9.8 s."


def test_dissent_the_person_and_the_cost_follow():
    two = report([*FACES[:9], face(0.5, person=2)], frames=10)
    small = says("fake", 0.8, "lite0", person=2, size_mb=3.1, ms_per_face=Spread(2.4, 0.1))
    large = says("fake", 0.8, person=2, size_mb=8.3, ms_per_face=Spread(6.9, 0.1))
    found = of(small, large, says("uncertain", 0.5), base=two)
    assert found.details == (
        "One is unsure.",
        "They agree on person 2.",
        "The smallest, 3.1 MB, said the same as the largest, 8.3 MB (2.4 against 6.9 ms a face).",
    )
    assert of(small, replace(large, verdict="real"), small).details[0] == "One says real."


@pytest.mark.parametrize(
    ("p_fake", "level", "words"),
    [
        (0.99, 4, "strong evidence: of test faces that looked like this to them, 9 in 10 were fakes"),
        (0.80, 3, "moderate evidence: of test faces that looked like this to them, 8 in 10 were fakes"),
        (0.65, 2, "limited evidence: of test faces that looked like this to them, 7 in 10 were fakes"),
        (0.51, 1, "weak evidence: of test faces that looked like this to them, 5 in 10 were fakes"),
    ],
)
def test_evidence_is_worded_by_how_often_such_a_p_fake_was_right(p_fake, level, words):
    rates = [0.0] * 5 + [0.55, 0.72, 0.80, 0.86, 0.97]
    known = {"b0": measured("b0", rates)}
    found = conclude(replace(CLEAR, variants=(says("fake", p_fake),)), known)
    assert (found.level, found.evidence) == (level, words)


def test_a_real_verdict_rests_on_how_often_it_was_no_fake():
    known = {"b0": measured("b0", [0.03, *[0.5] * 9])}
    found = conclude(replace(CLEAR, variants=(says("real", 0.05),)), known)
    assert found.evidence == "strong evidence: of test faces that looked like this to them, 9 in 10 were real"


def test_dissent_and_a_hard_clip_weaken_it_and_no_rate_is_made_up():
    sure, against = says("fake", 0.99), says("real", 0.01)
    assert (of(sure, sure).evidence, of(sure, sure).level) == ("strong evidence", 4)
    assert of(sure, sure, sure, against).level == 3
    assert of(sure, sure, sure, against, against).level == 1  # three in five
    dark = report([replace(each, crop=each.crop // 8) for each in FACES], frames=10)
    found = of(sure, sure, base=dark)
    assert (found.level, found.hard) == (3, ("the faces are dark",))
    assert of(sure, against).evidence == "no evidence either way"


def test_the_caution_names_what_none_of_them_can_tell():
    both = says("fake", 0.9, guesses_on=("lipsync", "generated")), says("fake", 0.9, guesses_on=("generated",))
    assert of(*both).caution.endswith("on it alone. They are no better than chance at generated heads.")
    assert "chance" not in of(says("fake", 0.9), both[0]).caution


def test_whoever_guesses_elsewhere_has_weak_evidence_however_sure():
    known = {"b0": measured("b0", [*[0.5] * 9, 0.97])}
    found = conclude(replace(CLEAR, variants=(says("fake", 0.99, guesses_on=("swap",)),)), known)
    assert found.level == 1
    assert found.evidence == (
        "weak evidence: of test faces that looked like this to them, 9 in 10 were fakes, "
        "but on clips from elsewhere they are no better than chance at face swaps"
    )


def test_guests_count_among_the_detectors_and_not_in_how_often_they_are_right():
    known = {"b0": measured("b0", [0.5] * 9 + [0.97])}
    found = conclude(replace(CLEAR, variants=(says("fake", 0.99), says("fake", 0.6, "guest"))), known)
    assert found.headline == "All 2 detectors say fake."
    assert found.evidence.startswith("strong evidence: of test faces that looked like this to them, 9 in 10 were fakes")
