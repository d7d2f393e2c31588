from dataclasses import replace

import numpy as np
import pytest

from explorer.corruptions import CORRUPTIONS
from explorer.errors import InvalidRequest, UnknownOption
from explorer.robustness import AS_UPLOADED, TITLES, VERSIONS, Firmness, Judged, Robustness, judge_again, passed_on
from explorer.robustness import suspicious_stretch as stretch
from explorer.structures import Progress
from explorer.video.writer import ClipWriter
from tests.support.clips import grey_ramp, picture
from tests.support.fakes import everywhere, nowhere, report_of, runner
from tests.support.reports import clip, face, judged, report


def long_report(p_fake, persons=None, duration_s=40.0):
    persons = persons or [1] * len(p_fake)
    faces = [face(i * duration_s / len(p_fake), person) for i, person in enumerate(persons)]
    return report(faces, [judged("b0", p_fake)], of=clip(duration_s=duration_s))


def test_a_short_clip_is_its_own_stretch():
    assert stretch(long_report([0.1, 0.9], duration_s=8.0)) == (0, 8.0)


def test_ten_seconds_around_what_looks_most_like_a_forgery():
    p_fake = [0.1] * 8
    p_fake[4] = 0.9  # at 20 s
    from_s, to_s = stretch(long_report(p_fake))
    assert to_s - from_s == 10
    assert from_s <= 20 <= to_s


def test_it_is_the_most_suspicious_persons():
    from_s, _ = stretch(long_report([0.95, 0.1, 0.2, 0.1, 0.6, 0.7, 0.6, 0.6], [1, 1, 1, 1, 2, 2, 2, 2]))
    assert from_s >= 15  # person 2's mean is higher, though person 1 has the highest face


def test_nobody_judged_is_one_sentence():
    with pytest.raises(InvalidRequest, match=r"nobody in a\.mp4 was judged"):
        stretch(report([], [judged("b0", ())]))


def test_what_a_messenger_does_is_done_to_the_frame_and_what_moves_to_the_crop():
    image = np.zeros((64, 96, 3), np.uint8)
    image[8:46, 8:40] = picture(32, 38)
    here = replace(
        face(), box=np.array([8, 8, 40, 46], np.float32), crop=np.arange(48 * 3).reshape(4, 12, 3).astype(np.uint8)
    )
    assert passed_on(here, image, AS_UPLOADED) is here
    assert np.array_equal(passed_on(here, image, "mirror").crop, here.crop[:, ::-1])
    assert passed_on(here, image, "half_size").crop.shape == (224, 224, 3)
    assert set(VERSIONS[1:]) <= set(CORRUPTIONS)
    assert list(TITLES) == list(VERSIONS)


@pytest.fixture
def bright(tmp_path):
    """Ten seconds and a half, grey of level 50 and more: p_fake 0.5 of runner() at the start, then rising."""
    return grey_ramp(tmp_path / "ramp.mp4", [i / 4 for i in range(42)], fps=4)


@pytest.mark.heavy
def test_every_version_is_judged_by_every_variant(bright):
    runners = {"steady": lambda: runner(), "broken": broken}
    first = report_of(bright, {"steady": lambda: runner()}, everywhere, frames=8)
    *before, outcome = judge_again(bright, first, runners, everywhere)
    assert all(isinstance(event, Progress) for event in before)
    assert isinstance(outcome, Robustness)
    assert (outcome.from_s, outcome.to_s) == (0, 10)
    assert (outcome.width, outcome.height, outcome.faces) == (64, 64, 12)
    [firmness] = outcome.variants
    assert list(firmness.versions) == list(VERSIONS)
    grey = [judged.p_fake for judged in firmness.versions.values()]
    assert np.ptp(grey) < 0.1  # even grey is what no version changes much
    assert [(error.variant, error.message) for error in outcome.errors] == [("broken", "no such engine")]


def broken():
    raise UnknownOption("no such engine")


@pytest.mark.heavy
def test_scores_from_elsewhere_cannot_judge_again(bright):
    recorded = replace(runner("mine"), for_clip=lambda clip: None)
    first = report_of(bright, {"steady": lambda: runner()}, everywhere, frames=8)
    *_, outcome = judge_again(bright, first, {"steady": lambda: runner(), "mine": lambda: recorded}, everywhere)
    assert [firm.name for firm in outcome.variants] == ["steady"]
    assert "computed elsewhere" in outcome.errors[0].message


@pytest.mark.heavy
def test_no_face_in_the_stretch_is_one_sentence(bright):
    first = report_of(bright, {"steady": lambda: runner()}, everywhere, frames=8)
    with pytest.raises(InvalidRequest, match=r"no face in 12 frames of ramp\.mp4 from"):
        list(judge_again(bright, first, {}, nowhere))


@pytest.mark.heavy
def test_of_two_people_the_more_suspicious_one_counts(tmp_path):
    path = tmp_path / "two.mp4"
    image = np.full((64, 128, 3), 40, np.uint8)
    image[:, 64:] = 200
    with ClipWriter(path, 25) as writer:
        for i in range(25):
            writer.add(i / 25, image)

    def both(images):
        return [np.array([[8, 8, 40, 46], [80, 8, 112, 46]], np.float32) for _ in images]

    first = report_of(path, {"steady": lambda: runner()}, both, frames=4)
    *_, outcome = judge_again(path, first, {"steady": lambda: runner()}, both)
    assert outcome.faces == 12
    assert outcome.variants[0].versions[AS_UPLOADED].p_fake > 0.99  # the bright one's


def test_a_verdict_holds_where_no_version_changes_it():
    versions = {AS_UPLOADED: Judged(0.8, "fake"), "jpeg50": Judged(0.5, "uncertain"), "mirror": Judged(0.7, "fake")}
    soft = Firmness("b0", 0.5, (0.4, 0.6), versions)
    assert (soft.holds, soft.changed_by) == (False, ("jpeg50",))
    firm = Firmness("b0", 0.5, (0.4, 0.6), {AS_UPLOADED: Judged(0.8, "fake"), "jpeg50": Judged(0.7, "fake")})
    assert (firm.holds, firm.changed_by) == (True, ())
