import re
from copy import deepcopy
from dataclasses import asdict

import pytest

from explorer.exports.summary_html import as_html, dashes_of
from explorer.origin import Container, Credentials
from tests.support.html import Reader, text

COLOURS = {"b0": "#0072B2", "lite0": "#E69F00"}


def row(name: str, verdict: str, p_fake: float) -> dict:
    """What a report holds of a variant that saw one face, at 1 s of a clip of 2 s."""
    return {
        "name": name, "plain_name": f"Plain {name}", "engine": "torch",
        "verdict": verdict, "p_fake": p_fake, "fake_frame_rate": 1.0,
        "threshold": 0.5, "uncertain": [0.4, 0.6], "ms_per_face": {"median": 12.345, "iqr": 1.0},
        "people": [{"person": 0, "faces": 1, "p_fake": p_fake, "verdict": verdict, "stretches": []}],
        "params": 4_000_000, "size_mb": 8.3,
        "frames": [{"time_s": 1.0, "person": 0, "p_fake": p_fake, "box": [1.0, 2.0, 3.0, 4.0]}],
    }  # fmt: skip


@pytest.fixture
def content() -> dict:
    clip = {"name": "a.mp4", "duration_s": 2.0, "width": 640, "height": 480, "fps": 25.0}
    return {
        "schema_version": 1,
        "zoo": {"source": "user/zoo", "revision": "abc", "note": ""},
        "clip": clip | {"frames_sampled": 4, "faces_found": 1, "people": 1, "not_judged": None},
        "cpu": {"model": "a processor", "cores": 2, "threads": 2, "instruction_sets": []},
        "stages_ms": {"decode": 1000.0, "find_faces": 2000.0, "crop": 3.0},
        "variants": [row("b0", "fake", 0.75), row("lite0", "uncertain", 0.55)],
        "errors": [],
        "summary": {
            "verdict": "split", "headline": "1 says fake.", "details": ["One is unsure.", "It is 3.1 MB."],
            "evidence": {"level": 2, "of": 4, "words": "limited evidence"}, "caveats": [],
            "caution": "An opinion, not a proof.", "next": ["Look for the original.", "Ask whoever is shown."],
        },
    }  # fmt: skip


def page_text(content: dict) -> str:
    """What a person reads, in one line."""
    return text(as_html(content, COLOURS))


def test_it_says_what_the_detectors_say(content):
    page = page_text(content)
    assert "1 says fake. One is unsure. It is 3.1 MB. Limited evidence. An opinion, not a proof." in page
    assert "What to do next Look for the original. Ask whoever is shown." in page
    assert "Hard to judge" not in page
    assert "1 face of 1 person in 4 frames" in page
    assert "Plain b0 b0 ▲ fake 0.75 0.50 0.40 to 0.60 100% Plain lite0 lite0 ? uncertain 0.55" in page
    assert "b0 12.3 ms torch 4.00 million 8.3 MB" in page
    assert "Reading the clip took 1.0 s, finding faces 2.0 s; measured on a processor, 2 threads." in page
    assert "The zoo user/zoo, revision abc ." in page
    assert "What did not work" not in page


def test_nothing_of_the_clips_name_is_markup(content):
    plain = Reader(as_html(content, COLOURS))
    nasty = """<script>alert('1')</script><img src="http://x/">&amp;.mp4"""
    content["clip"]["name"] = nasty
    content["errors"] = [{"variant": None, "message": f"no face in {nasty}"}]
    read = Reader(as_html(content, COLOURS))
    assert read.tags == plain.tags | {"ul", "li"}
    assert read.text.count(nasty) == 4  # title, heading, clip, problem


def test_it_is_whole_and_loads_nothing(content):
    page = as_html(content, COLOURS)
    read = Reader(page)
    assert not read.open
    assert not read.tags & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"https?:|url\(|@import|src=|href=", page)


def test_the_curve_goes_through_the_faces(content):
    content["variants"][0]["frames"].append({"time_s": 2.0, "person": 0, "p_fake": 0.0, "box": [1.0, 2.0, 3.0, 4.0]})
    page = as_html(content, COLOURS)
    # the field is 640 x 170 from (84, 14): half of 640, and a quarter of 170 below the top; then the lower right corner
    assert '<path d="M404.0 56.5 724.0 184.0" stroke="#0072B2"' in page


def test_people_are_told_apart(content):
    assert "Person by person" not in page_text(content)
    content["clip"]["people"] = 2
    for variant, p_fake in zip(content["variants"], (0.25, 0.1), strict=True):
        variant["people"].append({"person": 1, "faces": 3, "p_fake": p_fake, "verdict": "real", "stretches": []})
        variant["frames"].append(variant["frames"][0] | {"person": 1, "p_fake": p_fake})
    page = page_text(content)
    assert "person b0 lite0 0, 1 face ▲ 0.75 ? 0.55 1, 3 faces ▼ 0.25 ▼ 0.10" in page
    assert as_html(content, COLOURS).count("<svg viewBox") == 2


def test_without_a_face_there_is_no_number(content):
    content["clip"] |= {"faces_found": 0, "people": 0}
    none = dict.fromkeys(("p_fake", "fake_frame_rate", "ms_per_face")) | {"people": [], "frames": []}
    content["variants"] = [variant | none | {"verdict": "no face"} for variant in content["variants"]]
    content["summary"]["headline"] = "No face was found."
    page = page_text(content)
    assert "No face was found." in page
    assert "b0 no face - 0.50 0.40 to 0.60 -" in page.replace("\N{EN DASH}", "-")
    assert "Fake probability over time" not in page


def test_what_failed_is_named(content):
    content["errors"] = [{"variant": "b0", "message": "weights are missing"}]
    content["variants"] = []
    content["summary"] |= {"headline": "No detector could run.", "caveats": ["the faces are dark", "only 2 frames"]}
    page = page_text(content)
    assert "No detector could run." in page
    assert "Hard to judge: the faces are dark; only 2 frames." in page
    assert "b0: weights are missing" in page


def test_the_report_stays_as_it_was(content):
    before = deepcopy(content)
    as_html(content, COLOURS)
    assert content == before


def test_the_bundled_zoo_tells_why(content):
    content["zoo"] = {"source": "bundled", "revision": "abc", "note": "the Hub is out of reach"}
    assert "The bundled zoo, revision abc : the Hub is out of reach." in page_text(content)


def test_it_says_when_somebody_looks_fake(content):
    assert "b0: fake from" not in page_text(content)
    content["clip"] |= {"duration_s": 100.0, "frames_sampled": 50}
    content["variants"][0]["people"][0]["stretches"] = [{"from_s": 40.7, "to_s": 99.0, "p_fake": 0.9}]
    content["variants"][1]["people"][0]["stretches"] = [{"from_s": 1.0, "to_s": 99.0, "p_fake": 0.9}]  # all the time
    page = page_text(content)
    assert "b0: fake from 41 s to the end" in page and "lite0: fake" not in page
    content["clip"]["people"] = 2
    assert "b0: person 0 looks fake from 41 s to the end" in page_text(content)


def test_it_says_what_was_not_judged(content):
    content["clip"]["not_judged"] = "something like a face at 3.2 s was not judged"
    assert "sampled evenly over the clip; something like a face at 3.2 s was not judged." in page_text(content)


def test_lines_of_one_colour_have_dashes_of_their_own():
    grey = {"a": "#111111", "b": "#222222", "c": "#111111", "d": "#111111"}
    assert dashes_of(list(grey), grey) == {"a": "none", "b": "none", "c": "7 4", "d": "2 3"}


def test_what_the_file_says_of_itself_stands_apart_from_the_verdicts(content):
    assert "Where the file says it comes from" not in page_text(content)
    credentials = Credentials("valid, signer not checked", issuer="<b>News", ai=("trainedAlgorithmicMedia",))
    content["clip"] |= {"credentials": asdict(credentials), "container": asdict(Container("isom", "h264"))}
    page = page_text(content)
    assert "The file is as <b>News signed it; this server has no trust list." in page
    assert "says of AI generated by AI (trainedAlgorithmicMedia)" in page
    assert "edit list none" in page
    assert "<b>News" not in as_html(content, COLOURS)
