"""Things that are no face, and faces, under the last network's second look."""

from itertools import chain

import numpy as np
import pytest

from explorer.faces.appearance import scene_of
from explorer.faces.finders import finder_named
from explorer.faces.mtcnn.second_look import CONTEXT_SIDE, context, log_odds
from explorer.faces.support import MIN_LOG_ODDS, supported
from explorer.faces.tracks import follow
from explorer.structures import Face, SampledFrame
from explorer.video.reader import probe, read_frames, sample_times
from tests.support.faceless import frames_of

# Clips in which the finder sees a face: the first seeds of each kind, of 80 (animals, shapes, noise, clocks) or 40.
SEEDS = {
    "mtcnn": {
        "animal": (15, 18, 52), "clock": (0, 1, 6, 8, 15, 16), "fabric": (6, 10, 14, 19, 20), "shapes": (22,),
        "life": (1, 5, 6, 9, 11), "noise": (6, 8, 9, 12, 14), "text": (1, 7, 8, 15, 19), "texture": (1, 6, 7, 8, 13),
    },
    "haar": {
        "animal": (2, 11, 15, 18, 29), "clock": (0, 1, 2, 6, 8), "life": (5, 13, 15, 22), "noise": (57, 58),
        "text": (22,),
    },
}  # fmt: skip
pytestmark = pytest.mark.heavy  # finders look through dozens of clips
CROP = np.zeros((8, 8, 3), np.uint8)  # the looks are all the same: whatever is found again counts as one person


def sampled(images, finder: str) -> list[SampledFrame]:
    found = zip(images, finder_named(finder)(images), strict=True)
    return [
        SampledFrame(
            float(i), scene_of(image), tuple(Face(float(i), box, CROP, context=context(image, box)) for box in boxes)
        )
        for i, (image, boxes) in enumerate(found)
    ]


def judged(frames: list[SampledFrame]) -> int:
    return len(supported(follow(frames), [frame.time_s for frame in frames], log_odds).faces)


@pytest.fixture(scope="module", params=SEEDS)
def faceless(request) -> list[list[SampledFrame]]:
    """Clips of three frames in which this finder sees at least one face."""
    clips = [
        sampled(frames_of(kind, seed), request.param) for kind, seeds in SEEDS[request.param].items() for seed in seeds
    ]
    with_boxes = [frames for frames in clips if any(frame.faces for frame in frames)]
    assert len(with_boxes) >= 0.8 * len(clips)  # the seeds still say what they were chosen for
    return with_boxes


def test_no_clip_without_a_face_is_judged(faceless):
    assert [judged(frames) for frames in faceless] == [0] * len(faceless)


def test_nor_is_any_frame_of_them_as_a_picture_of_its_own(faceless):
    alone = [frame for frame in chain.from_iterable(faceless) if frame.faces]
    assert [judged([frame]) for frame in alone] == [0] * len(alone)


@pytest.mark.parametrize("finder", SEEDS)
def test_faces_are_judged(examples, finder):
    for title, path in examples.items():
        if (finder, title) == ("haar", "Sent on, turned"):
            continue  # the cascade knows upright faces alone
        info, people = probe(path), 2 if title == "Two people" else 1
        images = [frame.image for frame in read_frames(path, info, sample_times(info, 4))]
        assert judged(sampled(images, finder)) == 4 * people
        assert judged(sampled(images[:1], finder)) == people


@pytest.mark.parametrize("clip", ["real_shinzo.mp4", "real_several_shots.mp4", "fake_uadfv_0048.mp4"])
def test_faces_of_real_clips_are_judged(real_clips, clip):
    info = probe(real_clips / clip)
    images = [frame.image for frame in read_frames(real_clips / clip, info, sample_times(info, 8), 640)]
    faces = [face for frame in sampled(images, "mtcnn") for face in frame.faces]
    assert log_odds([face.context for face in faces]).min() > MIN_LOG_ODDS


def test_a_context_shows_half_as_much_again_and_is_black_outside():
    image = np.full((100, 200, 3), 255, np.uint8)
    seen = context(image, np.array([60, 30, 100, 70], np.float32))
    assert seen.shape == (CONTEXT_SIDE, CONTEXT_SIDE, 3) and seen.min() == 255
    corner = context(image, np.array([-20, -20, 20, 20], np.float32))  # from -30 to 30: a quarter is in the picture
    assert (corner[:46, :46] == 0).all() and (corner[50:, 50:] == 255).all()


def test_nothing_to_look_at():
    assert log_odds([]).shape == (0,)
