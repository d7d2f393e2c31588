from pathlib import Path

import cv2
import numpy as np
import pytest

from explorer import finder_race
from explorer.errors import InvalidRequest
from explorer.faces.boxes import iou
from explorer.faces.finders import finder_named
from explorer.finder_race import RACERS, FinderRace, FinderRow, best_overlaps, contenders, race
from explorer.structures import Progress
from explorer.video.reader import probe, read_frames, sample_times
from explorer.video.writer import ClipWriter
from tests.support.clips import grey_ramp

FACE, OTHER = (10, 10, 40, 46), (10, 60, 40, 96)


def racer(name: str, batched: bool, *boxes: tuple[int, ...], seen: list[tuple] | None = None):
    """A finder that sees these boxes of a 100 px picture, and notes how many pictures of which width it got."""

    def detect(images):
        if seen is not None:
            seen.append((name, len(images), images[0].shape[1]))
        factor = images[0].shape[1] / 100
        return [np.array(boxes, np.float32).reshape(-1, 4) * np.float32(factor) for _ in images]

    return name, batched, detect


@pytest.fixture
def grey(tmp_path) -> Path:
    return grey_ramp(tmp_path / "grey.mp4", [i / 25 for i in range(10)], size=(100, 100))


@pytest.fixture(scope="module")
def large_portrait(portrait_clip, tmp_path_factory) -> Path:
    """The portrait at 960 px, four frames."""
    info = probe(portrait_clip)
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    with ClipWriter(path, 4) as clip:
        for i, frame in enumerate(read_frames(portrait_clip, info, sample_times(info, 4))):
            clip.add(i / 4, cv2.resize(frame.image, (960, 960), interpolation=cv2.INTER_CUBIC))
    return path


def test_rows_count_what_is_found_and_missed(grey):
    events = list(race(grey, 4, [racer("mtcnn", True, FACE, OTHER), racer("haar", False, FACE)]))
    yardstick, haar = (event for event in events if isinstance(event, FinderRow))
    assert (yardstick.found, yardstick.missed, yardstick.mean_iou_with_mtcnn) == (8, 0, pytest.approx(1))
    assert (haar.found, haar.missed, haar.mean_iou_with_mtcnn) == (4, 4, pytest.approx(1))
    assert (haar.finder, haar.batched, haar.side_px) == ("haar", False, 100)
    assert haar.fps == pytest.approx(1000 / haar.ms_per_frame)
    last = events[-1]
    assert isinstance(last, FinderRace)
    assert last.rows == (yardstick, haar)
    assert (len(last.frames), last.shown_px) == (4, 100)
    assert [boxes.tolist() for boxes in last.boxes["haar"]] == [[list(FACE)]] * 4


@pytest.mark.heavy
def test_frames_are_scaled_first_and_boxes_come_back_in_pixels_of_the_clip(large_portrait):
    seen = []
    last = list(race(large_portrait, 4, [racer("mtcnn", True, FACE, seen=seen)]))[-1]
    assert seen == [("mtcnn", 4, side) for side in (960, 960, 640, 640, 320, 320)]  # the first is not timed
    assert last.shown_px == 640
    assert np.allclose(last.boxes["mtcnn"][0], np.array([FACE]) * 9.6, atol=1e-3)


@pytest.mark.heavy
def test_the_real_finders_are_those_of_the_explorer(large_portrait):
    """The race must not drift from explorer/faces/finders.py, whose settings it repeats."""
    last = list(race(large_portrait, 4))[-1]
    assert [(row.finder, row.batched, row.side_px) for row in last.rows] == [
        (finder, batched, side)
        for side in (960, 640, 320)
        for finder, batched in (("mtcnn", True), ("mtcnn", False), ("mtcnn-tracked", True), ("haar", False))
        if finder != "mtcnn-tracked" or side <= 640
    ]
    for name in ("mtcnn", "mtcnn-tracked", "haar"):
        expected = finder_named(name)([frame.image for frame in last.frames])
        for ours, theirs in zip(last.boxes[name], expected, strict=True):
            assert np.allclose(ours, theirs, atol=0.5)
    assert all(row.mean_iou_with_mtcnn > 0.7 for row in last.rows)
    # The clip is encoded, and decoded, a little differently from processor to processor: the cascade may lose a frame.
    assert all(row.missed <= (row.finder == "haar") for row in last.rows)


def test_finders_of_other_packages_race_at_working_size_and_below_where_they_are_installed(large_portrait, monkeypatch):
    monkeypatch.setattr(finder_race, "installed", lambda: ["facenet-pytorch", "dlib"])
    names = [(name, batched) for name, batched, _ in contenders()[len(RACERS) :]]
    assert names == [("facenet-pytorch", True), ("facenet-pytorch", False), ("dlib", False)]
    seen = []
    racers = [racer("mtcnn", True, FACE), racer("dlib", False, FACE, seen=seen)]
    last = list(race(large_portrait, 1, racers))[-1]
    assert sorted({side for _, _, side in seen}) == [320, 640]
    assert set(last.boxes) == {"mtcnn"}  # what is drawn, and told by the API, are our own


def test_no_face_is_found_in_grey(grey):
    rows = list(race(grey, 2))[-1].rows
    assert {(row.found, row.missed, row.mean_iou_with_mtcnn) for row in rows} == {(0, 0, None)}


def test_a_clip_smaller_than_any_face(tmp_path):
    clip = grey_ramp(tmp_path / "strip.mp4", [i / 25 for i in range(4)], size=(16, 64))
    assert {row.found for row in list(race(clip, 2))[-1].rows} == {0}


def test_progress_ends_at_its_total_and_closing_stops_the_work(grey):
    seen = []
    racers = [racer("mtcnn", True, FACE, seen=seen), racer("haar", False, FACE, seen=seen)]
    progress = [event for event in race(grey, 3, racers) if isinstance(event, Progress)]
    assert [event.done for event in progress] == [0, 3, 3, 4, 5, 6]
    assert [event.total for event in progress[1:]] == [3, 6, 6, 6, 6]
    seen.clear()
    work = race(grey, 3, racers)
    next(event for event in work if isinstance(event, FinderRow))
    work.close()
    assert {name for name, *_ in seen} == {"mtcnn"}


@pytest.mark.parametrize("frames", [0, 33])
def test_the_number_of_frames_is_limited(grey, frames):
    with pytest.raises(InvalidRequest, match=f"{frames} frames were asked for; the finders race over 1 to 32"):
        next(race(grey, frames))


def test_best_overlaps():
    box = np.array([[0, 0, 100, 120]], np.float32)
    side = np.sqrt(11000)  # of its crop
    shifted = box + np.float32([side / 2, 0, side / 2, 0])
    assert best_overlaps(box, np.concatenate([shifted + 1000, shifted])).tolist() == pytest.approx([1 / 3], abs=1e-5)
    assert best_overlaps(np.concatenate([box, box + 1000]), box).tolist() == pytest.approx([1, 0])
    assert best_overlaps(box, np.empty((0, 4))).tolist() == [0]
    assert best_overlaps(np.empty((0, 4)), box).tolist() == []
    assert iou(box, shifted)[0] != pytest.approx(1 / 3)  # crops overlap, not boxes
