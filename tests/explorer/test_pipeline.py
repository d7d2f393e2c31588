from dataclasses import replace

import numpy as np
import pytest

from explorer.caveats import caveats
from explorer.errors import InvalidRequest, UnreadableClip
from explorer.pipeline import analyse
from explorer.structures import Progress, Report, VariantError, VariantResult
from explorer.video.writer import ClipWriter
from model_zoo.errors import BadWeights
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere, report_of, runner


@pytest.fixture
def ramp(tmp_path):
    """Frame i is grey of level 2 i: 50 frames, 2 s."""
    return grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(50)])


def test_a_report_has_a_number_for_every_frame(ramp):
    report = report_of(ramp, {"steady": runner}, everywhere, frames=5)
    result = report.variants[0]
    assert [face.time_s for face in report.faces] == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8], abs=0.021)
    levels = np.array([50 * face.time_s for face in report.faces])
    assert result.frame_p_fake == pytest.approx(1 / (1 + np.exp(5 - 0.1 * levels)), abs=0.03)
    assert result.p_fake == pytest.approx(result.frame_p_fake.mean())
    assert result.evidence.shape == (5, 5, 5)
    assert list(report.stages_ms) == ["decode", "find_faces", "crop"]
    assert result.ms_per_face.median > 0


def test_fake_frame_rate_counts_frames_above_the_threshold(ramp):
    # four frames of grey level about 12, 38, 62 and 88; p_fake passes 0.5 at level 50
    assert report_of(ramp, {"steady": runner}, everywhere, frames=4).variants[0].fake_frame_rate == 0.5


def test_progress_names_the_stages_in_order(ramp):
    events = list(analyse(ramp, {"a": runner, "b": runner}, everywhere, frames=20))
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert list(dict.fromkeys(stages)) == ["reading the clip", "finding faces", "running a", "running b"]
    assert all(event.done <= event.total for event in events if isinstance(event, Progress))


def test_no_face_is_a_verdict_not_a_number(ramp):
    report = report_of(ramp, {"steady": runner}, nowhere, frames=4)
    result = report.variants[0]
    assert (result.verdict, result.p_fake, result.ms_per_face) == ("no face", None, None)
    assert report.errors[0].variant is None
    assert report.errors[0].message.startswith("no face in 4 sampled frames of ramp.mp4")


def test_frames_without_a_face_are_left_out(ramp):
    def every_other(images):
        return [boxes[: i % 2] for i, boxes in enumerate(everywhere(images))]

    report = report_of(ramp, {"steady": runner}, every_other, frames=8)
    assert (report.frames_sampled, len(report.faces), len(report.variants[0].frame_p_fake)) == (8, 4, 4)


def test_the_most_suspicious_of_two_people_decides(tmp_path):
    # left half dark, right half bright; p_fake is about 0.03 at level 15 and 1 at level 220
    image = np.full((64, 96, 3), 15, np.uint8)
    image[:, 48:] = 220
    with ClipWriter(tmp_path / "two.mp4", 25) as writer:
        for i in range(20):
            writer.add(i / 25, image)

    def both(images):
        return [np.array([[8, 8, 40, 46], [58, 10, 86, 44]], np.float32) for _ in images]

    report = report_of(tmp_path / "two.mp4", {"steady": runner}, both, frames=4)
    result = report.variants[0]
    assert [face.person for face in report.faces] == [1, 2] * 4
    assert [(score.person, score.faces, score.verdict) for score in result.people] == [(2, 4, "fake"), (1, 4, "real")]
    assert (result.verdict, result.p_fake) == ("fake", result.people[0].p_fake)


def test_a_broken_variant_is_named_and_the_others_run(ramp):
    def broken():
        raise BadWeights("model.safetensors: not a valid safetensors file")

    events = list(analyse(ramp, {"broken": broken, "steady": runner}, everywhere, frames=2))
    assert VariantError("broken", "model.safetensors: not a valid safetensors file") in events
    assert [result.name for result in events[-1].variants] == ["steady"]


def test_a_bug_keeps_its_traceback(ramp):
    def bug():
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        list(analyse(ramp, {"bug": bug}, everywhere, frames=2))


def test_closing_stops_the_work(ramp):
    calls = []

    def counting(images):
        calls.append(len(images))
        return everywhere(images)

    work = analyse(ramp, {"steady": runner}, counting, frames=40)
    while not calls:
        next(work)
    work.close()
    assert len(calls) == 1 and calls[0] < 40


@pytest.mark.parametrize("frames", [0, -1, 301])
def test_frames_out_of_range(ramp, frames):
    with pytest.raises(InvalidRequest, match="choose 1 to 300"):
        list(analyse(ramp, {}, everywhere, frames=frames))


def test_messages_use_the_given_name(tmp_path):
    (tmp_path / "x").write_text("no video")
    with pytest.raises(UnreadableClip, match=r"holiday\.mp4 cannot be read"):
        list(analyse(tmp_path / "x", {}, everywhere, name="holiday.mp4"))


def test_results_come_before_the_report(ramp):
    events = list(analyse(ramp, {"steady": runner}, everywhere, frames=2))
    assert [type(event) for event in events[-2:]] == [VariantResult, Report]


def test_a_stretch_that_could_not_be_read_is_said(tmp_path):
    cut, noise = tmp_path / "cut.mp4", np.random.default_rng(0)
    with ClipWriter(cut, 25) as writer:
        for i in range(30):
            writer.add(i / 25, noise.integers(0, 256, (64, 64, 3), np.uint8))
    content = cut.read_bytes()  # the index stands first
    cut.write_bytes(content[: len(content) * 3 // 4])
    report = report_of(cut, {"steady": runner}, everywhere, frames=10)
    assert 0 < report.frames_sampled < 10
    assert report.errors[0].variant is None
    assert report.errors[0].message.startswith("not looked at: ")
    assert f"{report.frames_sampled} of 10 frames could be read" in report.errors[0].message


def at_once():
    """A network that looks at 15 crops at once: logit 0.1 x their mean grey level - 5."""

    def run(crops):
        logits = crops.mean((1, 2, 3, 4)) * 0.1 - 5
        return logits, np.zeros((len(crops), 3, 4, 4), np.float32)

    return replace(runner("cnn"), run=run, clip_length=15)


def test_a_variant_that_looks_at_several_frames_says_one_number_a_slice(ramp):
    report = report_of(ramp, {"cnn": at_once, "steady": runner}, everywhere, frames=8)
    slices = report.variants[0].slices
    times = [time for each in slices for time in (each.from_s, each.to_s)]
    assert times == pytest.approx([0.2, 0.76, 1.2, 1.76])
    levels = np.array([24, 74])  # of the slices' middle frames
    assert [each.p_fake for each in slices] == pytest.approx(1 / (1 + np.exp(5 - 0.1 * levels)), abs=0.03)
    assert set(report.variants[0].frame_p_fake) == {each.p_fake for each in slices}
    assert report.variants[1].slices == ()


def test_a_slice_in_which_nobody_can_be_followed_is_said(ramp):
    def not_at_the_end(images):
        bright = [image.mean() > 60 for image in images]  # the second slice of the ramp
        return [boxes[: 0 if late else 1] for boxes, late in zip(everywhere(images), bright, strict=True)]

    report = report_of(ramp, {"cnn": at_once}, not_at_the_end, frames=8)
    assert len(report.variants[0].slices) == 1
    words = "cnn judged 1 of 2 slices; nobody could be followed through the others"
    assert report.errors == (VariantError(None, words),)
    assert words in caveats(report)


def test_a_clip_that_is_too_short_for_it_is_its_error_and_others_run(tmp_path):
    short = grey_ramp(tmp_path / "short.mp4", [i / 25 for i in range(9)])
    report = report_of(short, {"cnn": at_once, "steady": runner}, everywhere, frames=8)
    assert [result.name for result in report.variants] == ["steady"]
    words = "short.mp4 has 9 frames, and it looks at 15 at once; try a longer clip"
    assert report.errors == (VariantError("cnn", words),)
