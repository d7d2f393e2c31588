from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from explorer import limits
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.video.timeline import NONE, read_timeline


def packet(pts, dts="pts", duration=40, key=False, size=100, hidden=False):
    dts = pts if dts == "pts" else dts
    return SimpleNamespace(pts=pts, dts=dts, duration=duration, is_keyframe=key, size=size, is_discard=hidden)


def timeline(packets, container="mov,mp4,m4a,3gp,3g2,mj2", codec="h264", rate=25):
    """Of packets in milliseconds."""
    source = SimpleNamespace(
        demux=lambda stream: iter([*packets, packet(None, size=0, duration=0)]), format=SimpleNamespace(name=container)
    )
    stream = SimpleNamespace(
        time_base=Fraction(1, 1000),
        guessed_rate=Fraction(rate),
        average_rate=None,
        codec_context=SimpleNamespace(name=codec),
    )
    return read_timeline(source, stream, "clip.mp4")


def test_times_count_from_the_first_shown_frame_in_the_order_of_showing():
    read = timeline([packet(1000, 920, key=True), packet(1120, 960), packet(1040, 1000), packet(1080, 1040)])
    assert read.start_s == 1.0
    assert read.frame_times == pytest.approx([0, 0.04, 0.08, 0.12])
    assert read.keyframe_times == pytest.approx([0])
    assert read.end_s == pytest.approx(0.16)
    assert read.stamps is None


def test_what_an_edit_list_hides_does_not_count_but_its_keyframe_does():
    read = timeline([packet(-80, key=True, hidden=True), packet(-40, hidden=True), packet(0), packet(40)])
    assert (read.start_s, read.end_s) == (0, pytest.approx(0.08))
    assert read.frame_times == pytest.approx([0, 0.04])
    assert read.keyframe_times == pytest.approx([-0.08])


def test_a_last_frame_that_lasts():
    assert timeline([packet(0, key=True), packet(40, duration=8000)]).end_s == pytest.approx(8.04)
    assert timeline([packet(0, key=True, duration=0), packet(40, duration=0)]).end_s == pytest.approx(0.08)
    assert timeline([packet(0, key=True, duration=0), packet(90_000, duration=0)]).end_s == pytest.approx(91)
    assert timeline([packet(0, key=True, duration=0)]).end_s == pytest.approx(0.04)


def test_an_empty_packet_repeats_the_frame_before_it():
    read = timeline([packet(0, key=True), packet(40, size=0), packet(80), packet(120, size=0), packet(160, size=0)])
    assert read.frame_times == pytest.approx([0, 0.08])
    assert read.end_s == pytest.approx(0.2)


def test_a_clock_that_starts_again_goes_on():
    parts = 2 * [packet(500, 0, 0, key=True), packet(1500, 1000, 0)]
    read = timeline(parts, "mpegts")
    assert read.frame_times == pytest.approx([0, 1, 2, 3])
    assert read.keyframe_times == pytest.approx([0, 2])
    assert read.stamps.tolist() == [500, 1500, 2500, 3500]


def test_a_leap_in_a_broadcast_is_a_cut_and_elsewhere_a_long_frame():
    parts = [packet(0, key=True), packet(40), packet(60_000), packet(60_040)]
    assert timeline(parts, "mpegts").frame_times == pytest.approx([0, 0.04, 0.08, 0.12])
    assert timeline(parts, "matroska,webm").frame_times == pytest.approx([0, 0.04, 60, 60.04])
    assert timeline(parts, "matroska,webm").stamps is None


@pytest.mark.parametrize("wild", [0, 1, 3])
def test_one_wild_timestamp_is_put_right(wild):
    packets = [packet(40 * i, key=not i) for i in range(6)]
    packets[wild] = packet(9_000_000, key=not wild)
    read = timeline(packets, "flv")
    assert read.frame_times == pytest.approx(np.arange(6) / 25)
    assert read.end_s == pytest.approx(0.24)


def test_bare_streams_are_counted():
    read = timeline([packet(None, key=i == 0, duration=0) for i in range(5)], "h264", rate=50)
    assert read.frame_times == pytest.approx(np.arange(5) / 50)
    assert read.end_s == pytest.approx(0.1)
    assert set(read.stamps) == {NONE}


def test_b_frames_in_avi_are_counted():
    # what FFmpeg makes of H.264 with B-frames in AVI: presentation in the order of the packets
    packets = [packet(40 * i + 40, 40 * i, key=i == 0) for i in range(4)]
    assert set(timeline(packets, "avi").stamps) == {NONE}
    assert timeline(packets, "avi", codec="mpeg4").stamps is None


def test_what_comes_before_the_first_keyframe_cannot_be_shown():
    read = timeline([packet(0), packet(40), packet(80, key=True), packet(120)], "mpegts")
    assert read.start_s == pytest.approx(0.08)
    assert read.frame_times == pytest.approx([0, 0.04])


def test_nothing_and_too_much(monkeypatch):
    with pytest.raises(UnreadableClip, match=r"clip\.mp4 holds no frames"):
        timeline([])
    monkeypatch.setattr(limits, "MAX_CLIP_FRAMES", 3)
    with pytest.raises(ClipTooLarge, match="more than 3 frames"):
        timeline([packet(40 * i, key=not i, hidden=i < 3) for i in range(4)])


def test_a_tick_is_no_duration():
    """AVI states one tick of its clock for every packet."""
    read = timeline([packet(40 * index, duration=1, key=not index) for index in range(50)], "avi", "mpeg4")
    assert read.end_s == pytest.approx(2.0)
