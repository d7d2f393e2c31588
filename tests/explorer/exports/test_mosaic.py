from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from explorer.errors import NoFaceFound
from explorer.exports.mosaic import BORDER, CAPTION, HEADER, PANEL_HEIGHT, PANEL_WIDTH, suspects, write_mosaic
from explorer.structures import Progress, Report
from explorer.video.reader import probe, read_frames
from tests.support.clips import grey_ramp
from tests.support.fakes import everywhere, nowhere, report_of, runner

COLOURS = {"red": "#ff0000", "green": "#00ff00", "blue": "#0000ff"}


def report(tmp_path: Path, finder=everywhere) -> Report:
    """Three variants on five faces of a clip of 2 s, at 0.2, 0.6, 1.0, 1.4 and 1.8 s."""
    source = grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(50)])
    return report_of(source, {name: lambda name=name: runner(name) for name in COLOURS}, finder, frames=5)


def test_a_frame_for_each_sampled_one_at_its_time(tmp_path):
    clip_report, target = report(tmp_path), tmp_path / "mosaic.mp4"
    events = list(write_mosaic(clip_report, target, COLOURS))
    assert events[-1] == Progress("drawing the mosaic", 5, 5)
    with av.open(str(target)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        times = [frame.time for frame in container.decode(stream)]
    assert times == pytest.approx([face.time_s for face in clip_report.faces], abs=1e-3)


def test_panels_stand_in_a_grid_framed_in_their_colours(tmp_path):
    target = tmp_path / "mosaic.mp4"
    list(write_mosaic(report(tmp_path), target, COLOURS))
    info = probe(target)
    assert (info.width, info.height) == (2 * PANEL_WIDTH, HEADER + 2 * PANEL_HEIGHT)
    image = next(read_frames(target, info, info.frame_times[:1])).image.astype(int)
    for place, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255), (24, 24, 24))):  # the fourth place is empty
        top, left = HEADER + place // 2 * PANEL_HEIGHT, place % 2 * PANEL_WIDTH
        assert image[top + 60, left + BORDER // 2] == pytest.approx(colour, abs=40)  # x264 at half colour resolution
    below = HEADER + PANEL_HEIGHT - BORDER
    strip = image[below - CAPTION : below, BORDER : PANEL_WIDTH // 2]
    assert strip.min(axis=2).max() > 200  # white letters


def test_red_speaks_for_fake(tmp_path):
    clip_report = report(tmp_path)
    sure = [replace(clip_report.variants[0], evidence=np.full((5, 5, 5), logit, np.float32)) for logit in (6, -6)]
    clip_report = replace(clip_report, variants=(sure[0], replace(sure[1], name="blue")))
    target = tmp_path / "mosaic.mp4"
    list(write_mosaic(clip_report, target, COLOURS))
    info = probe(target)
    image = next(read_frames(target, info, info.frame_times[:1])).image.astype(int)
    fake, real = (image[HEADER + 100, left + PANEL_WIDTH // 2] for left in (0, PANEL_WIDTH))
    assert fake[0] > fake[2] + 50
    assert real[2] > real[0] + 50


def test_of_several_people_the_one_suspected_most_is_shown(tmp_path):
    clip_report = report(tmp_path)
    seen = zip(clip_report.faces, (0, 1, 1, 2, 2), (0, 0, 1, 0, 1), strict=True)
    faces = [replace(face, time_s=time_s, person=person) for face, time_s, person in seen]
    result = replace(clip_report.variants[0], frame_p_fake=np.array([0.9, 0.1, 0.4, 0.6, 0.8]))
    # person 1 has a mean of 0.6, person 0 of 0.53
    assert suspects(replace(clip_report, faces=tuple(faces), variants=(result,))) == [0, 2, 4]


def test_stopping_leaves_no_file(tmp_path):
    work = write_mosaic(report(tmp_path), tmp_path / "half.mp4", COLOURS)
    next(work)
    work.close()
    assert not (tmp_path / "half.mp4").exists()


def test_without_a_face_there_is_nothing_to_show(tmp_path):
    with pytest.raises(NoFaceFound):
        next(write_mosaic(report(tmp_path, nowhere), tmp_path / "mosaic.mp4", COLOURS))
    assert not (tmp_path / "mosaic.mp4").exists()
