"""Pairs of properties, 160x90: what is told of a clip, and its samples, agree with decoding all of it."""

from functools import partial

import av
import numpy as np
import pytest

from explorer import limits
from explorer.video.reader import probe, read_frames, sample_times
from tests.support.streams import encoded, index_of, show_from, show_through

QUIET = {"x265-params": "log-level=none:pools=1:bframes=2"}
UNEVEN = np.cumsum(0.02 + 0.1 * np.random.default_rng(0).random(40)).tolist()

CORPUS = {
    "h264.mp4": partial(encoded, bf="2", g="12"),
    "open_gop.mkv": partial(encoded, **{"x264-params": "open-gop=1:keyint=12:bframes=2:scenecut=0"}),
    "uneven.mp4": partial(encoded, times=UNEVEN, count=40),
    "uneven.webm": partial(encoded, codec="libvpx", times=UNEVEN, count=40, deadline="realtime"),
    "odd.webm": partial(encoded, codec="libvpx-vp9", size=(161, 91), deadline="realtime"),
    "ten_bits.mov": partial(encoded, codec="libx265", pix_fmt="yuv420p10le", tag="hvc1", **QUIET),
    "ten_bits.mkv": partial(encoded, codec="prores_ks", pix_fmt="yuv422p10le"),
    "h264.ts": partial(encoded, container="mpegts", bf="2", g="12"),
    "disc.mpg": partial(encoded, codec="mpeg2video", container="mpeg", bf="2", g="12"),
    "b_frames.avi": partial(encoded, codec="mpeg4", bf="2", g="12"),
    "still_camera.avi": partial(encoded, codec="mjpeg", pix_fmt="yuvj420p"),
    "stream.flv": partial(encoded, bf="0"),
    "phone.3gp": partial(encoded, codec="mpeg4", rate=15, qmax="4"),
    "short.ivf": partial(encoded, codec="libvpx", count=25, deadline="realtime"),
    "moving.gif": partial(encoded, codec="gif", count=20, rate=10, pix_fmt="rgb8"),
    "one_frame.mp4": partial(encoded, count=1),
    "a_tenth.mp4": partial(encoded, count=3, rate=30),
    "ten_minutes.mp4": partial(encoded, times=np.arange(0, 600, 8).tolist(), count=75, bf="0"),
    "fast.mp4": partial(encoded, rate=120, count=100),
    "turned.mp4": lambda path: show_through(encoded(path), (0, 1, -1, 0)),
    "mirrored.mov": lambda path: show_through(encoded(path, bf="2"), (-1, 0, 0, 1)),
    "trimmed.mp4": lambda path: show_from(encoded(path, bf="2"), 0.8),
}


def decoded(path):
    """Times from the first, ends, width and height of all frames, in the order of showing."""
    with av.open(str(path)) as container:
        frames = [(frame.time, frame.duration * frame.time_base) for frame in container.decode(video=0)]
    times = np.array(sorted(float(time) for time, _ in frames))
    return times - times[0], float(frames[-1][1])


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_told_is_what_all_frames_say(tmp_path, monkeypatch, name):
    monkeypatch.setattr(limits, "MAX_SECONDS", 700)
    clip = CORPUS[name](tmp_path / name)
    info = probe(clip)
    times, last = decoded(clip)
    assert info.frame_times == pytest.approx(times, abs=2e-3)
    assert info.duration_s == pytest.approx(times[-1] + (last or info.duration_s - info.frame_times[-1]), abs=0.045)
    if len(times) > 1:
        assert info.fps == pytest.approx((len(times) - 1) / times[-1], rel=0.01)
    turned = name == "turned.mp4"
    size = (161, 91) if name == "odd.webm" else (160, 90)
    assert (info.width, info.height) == (size[::-1] if turned else size)
    frames = list(read_frames(clip, info, sample_times(info, 8)))
    assert len(frames) == min(8, len(times))
    hidden = 20 if name == "trimmed.mp4" else 0
    for frame in frames:
        expected = np.abs(info.frame_times - frame.time_s).argmin() + hidden
        assert index_of(frame.image) == pytest.approx(expected, abs=1)
        assert frame.image.shape == (info.height, info.width, 3)
