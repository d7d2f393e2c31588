from pathlib import Path

import av
import numpy as np
import pytest

from explorer.exports.annotate import _Track, annotate
from explorer.plots.palette import colours
from explorer.structures import Face
from explorer.video.reader import probe, read_frames
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere, report_of, runner
from tests.support.reports import clip, judged, report


@pytest.fixture(scope="module")
def ramp(tmp_path_factory) -> Path:
    """A clip of 2 s, 160 x 120."""
    return grey_ramp(tmp_path_factory.mktemp("ramp") / "ramp.mp4", [i / 25 for i in range(50)], size=(120, 160))


@pytest.fixture(scope="module")
def annotated(ramp) -> Path:
    """The same, annotated, with a face in every sampled frame."""
    return annotate_all(ramp, everywhere, ramp.with_name("annotated.mp4"))


def annotate_all(source: Path, finder, target: Path) -> Path:
    report = report_of(source, {"steady": runner}, finder, frames=5)
    list(annotate(source, report, target, colours(["steady"])))
    return target


def test_browsers_can_play_it(ramp, annotated):
    with av.open(str(annotated)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    before, after = probe(ramp), probe(annotated)
    assert (after.width, after.height) == (160, 120)
    assert np.allclose(after.frame_times, before.frame_times, atol=1e-3)


def test_the_face_is_boxed(annotated):
    info = probe(annotated)
    frame = next(read_frames(annotated, info, info.frame_times[25:26]))
    edge, outside = frame.image[27, 8], frame.image[27, 150]
    assert np.abs(edge.astype(int) - outside).max() > 30


def test_without_a_face_nothing_is_drawn(ramp, tmp_path):
    target = annotate_all(ramp, nowhere, tmp_path / "annotated.mp4")
    info = probe(target)
    frame = next(read_frames(target, info, info.frame_times[25:26]))
    assert frame.image.std() < 2


def test_stopping_leaves_no_file(ramp, tmp_path):
    work = annotate(ramp, report_of(ramp, {}, everywhere, frames=2), tmp_path / "half.mp4", {})
    next(work)
    work.close()
    assert not (tmp_path / "half.mp4").exists()


def boxes_at(report, time_s: float) -> list[list[float]]:
    return [[] if (box := _Track(report, 1).box(time_s)) is None else box.tolist()]


def test_a_box_moves_between_samples_but_not_while_the_face_is_out_of_sight():
    def seen(time_s: float, x: float):
        return Face(time_s, np.array([x, 0, x + 40, 40], np.float32), np.zeros((224, 224, 3), np.uint8))

    faces = [seen(0.5, 0), seen(1.5, 100), seen(7.5, 500)]
    seldom = report([*faces], [judged("b0", (0.1, 0.1, 0.1))], frames=10, of=clip(duration_s=10.0))
    assert boxes_at(seldom, 1.0) == [[50, 0, 90, 40]]  # samples are a second apart
    assert boxes_at(seldom, 2.4) == [[100, 0, 140, 40]] and boxes_at(seldom, 6.6) == [[500, 0, 540, 40]]
    assert boxes_at(seldom, 4.5) == [[]]
