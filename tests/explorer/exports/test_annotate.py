from pathlib import Path

import av
import numpy as np

from explorer.exports.annotate import annotate
from explorer.plots.palette import colours
from explorer.video.reader import probe, read_frames
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere, report_of, runner


def annotated(tmp_path: Path, finder) -> tuple[Path, Path]:
    source = grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(50)], size=(120, 160))
    report = report_of(source, {"steady": runner}, finder, frames=5)
    target = tmp_path / "annotated.mp4"
    list(annotate(source, report, target, colours(["steady"])))
    return source, target


def test_browsers_can_play_it(tmp_path):
    source, target = annotated(tmp_path, everywhere)
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    before, after = probe(source), probe(target)
    assert (after.width, after.height) == (160, 120)
    assert np.allclose(after.frame_times, before.frame_times, atol=1e-3)


def test_the_face_is_boxed(tmp_path):
    _, target = annotated(tmp_path, everywhere)
    info = probe(target)
    frame = next(read_frames(target, info, info.frame_times[25:26]))
    edge, outside = frame.image[27, 8], frame.image[27, 150]
    assert np.abs(edge.astype(int) - outside).max() > 30


def test_without_a_face_nothing_is_drawn(tmp_path):
    _, target = annotated(tmp_path, nowhere)
    info = probe(target)
    frame = next(read_frames(target, info, info.frame_times[25:26]))
    assert frame.image.std() < 2


def test_stopping_leaves_no_file(tmp_path):
    source = grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(50)])
    work = annotate(source, report_of(source, {}, everywhere, frames=2), tmp_path / "half.mp4", {})
    next(work)
    work.close()
    assert not (tmp_path / "half.mp4").exists()
