"""What writers of clips do beside the ordinary: every way of it gives the frames that a player shows, when it does."""

from fractions import Fraction

import av
import numpy as np
import pytest

from explorer.video.reader import probe, read_frames, sample_times
from tests.support.clips import picture
from tests.support.streams import encoded, grey_of, index_of, last_frame_lasts, show_from
from tests.support.theora import INDICES, SHOWN_S, theora


def shown(path, count):
    """The clip, and of each sample its time and the frame that its grey tells."""
    info = probe(path)
    frames = list(read_frames(path, info, sample_times(info, count)))
    return info, [frame.time_s for frame in frames], [index_of(frame.image) for frame in frames]


def test_an_edit_list_hides_what_a_player_does_not_show(tmp_path):
    clip = show_from(encoded(tmp_path / "trimmed.mp4", count=100, g="250", bf="2"), 2.0)
    info, times, indices = shown(clip, 8)
    assert info.duration_s == pytest.approx(2, abs=0.05)
    assert len(info.frame_times) == pytest.approx(50, abs=1)
    assert times[0] < 0.2 and times[-1] > 1.7
    assert indices == pytest.approx([50 + 25 * time for time in times], abs=1)


@pytest.mark.parametrize(
    ("container", "codec"), [("mpegts", "libx264"), ("mpeg", "mpeg2video"), ("mpegts", "mpeg2video")]
)
def test_jumps_in_streams_without_an_index_land_in_time(tmp_path, container, codec):
    mp4 = shown(encoded(tmp_path / "long.mp4", codec, 100, g="40", bf="2"), 12)
    stream = shown(encoded(tmp_path / "long.ts", codec, 100, container=container, g="40", bf="2"), 12)
    assert stream[1] == pytest.approx(mp4[1])
    assert stream[2] == pytest.approx(mp4[2], abs=1)


def test_neighbours_far_into_a_program_stream(tmp_path):
    clip = encoded(tmp_path / "disc.mpg", "mpeg2video", 100, container="mpeg", g="12", bf="2")
    info = probe(clip)
    for start in (0, 30, 85):
        wanted = info.frame_times[start : start + 15]
        frames = list(read_frames(clip, info, wanted))
        assert [frame.time_s for frame in frames] == pytest.approx(wanted.tolist())
        assert [index_of(frame.image) for frame in frames] == pytest.approx(range(start, start + 15), abs=1)


def test_a_program_stream_that_states_the_time_of_some_frames_only(tmp_path):
    clip = encoded(tmp_path / "recorder.mpg", "libx264", 100, container="mpeg", g="25", bf="2")
    with av.open(str(clip)) as container:  # H.264's frames are small here: many begin in one pack of 2 kB
        assert sum(packet.pts is None for packet in container.demux(video=0)) > 50
    info, times, indices = shown(clip, 8)
    assert (len(info.frame_times), info.duration_s) == (100, pytest.approx(4, abs=0.05))
    assert times == pytest.approx(np.arange(8) * 0.5 + 0.25, abs=0.03)
    assert indices == pytest.approx([25 * time for time in times], abs=1)


def test_joined_transport_streams_are_one_clip(tmp_path):
    first = encoded(tmp_path / "a.ts", count=40, container="mpegts", g="20")
    second = encoded(tmp_path / "b.ts", count=50, container="mpegts", g="20")
    joined = tmp_path / "joined.ts"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    info, times, indices = shown(joined, 9)
    assert info.duration_s == pytest.approx(3.6, abs=0.1)
    assert info.fps == pytest.approx(25, abs=0.2)
    # 9 samples, 0.4 s apart: 4 in the first 1.6 s, 5 in the second part, whose greys begin again
    assert times == pytest.approx(np.arange(9) * 0.4 + 0.2, abs=0.05)
    assert indices == pytest.approx([time * 25 % 40 if time < 1.6 else time * 25 - 40 for time in times], abs=2)


def test_no_frame_whole_by_itself(tmp_path):
    options = {"x264-params": "intra-refresh=1:keyint=25:bframes=0"}
    clip = encoded(tmp_path / "refresh.mp4", count=100, **options)
    _, times, indices = shown(clip, 8)
    assert len(times) == 8
    assert indices == pytest.approx([25 * time for time in times], abs=2)


def test_a_gif_whose_last_frame_lasts(tmp_path):
    clip = last_frame_lasts(encoded(tmp_path / "tail.gif", "gif", 10, rate=5, pix_fmt="rgb8"), 8.0)
    info, times, _ = shown(clip, 8)
    assert info.duration_s == pytest.approx(9.8)
    assert len(times) == 8


@pytest.mark.parametrize(("codec", "container"), [("libx264", "h264"), ("libx265", "hevc")])
def test_bare_streams(tmp_path, codec, container):
    options = {"x265-params": "log-level=none:pools=1"} if codec == "libx265" else {"bf": "2"}
    info, times, indices = shown(encoded(tmp_path / "bare.bin", codec, 60, container=container, **options), 6)
    assert (info.duration_s, info.fps, len(info.frame_times)) == (pytest.approx(2.4), pytest.approx(25), 60)
    assert indices == pytest.approx([25 * time for time in times], abs=1)


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_b_frames_in_avi(tmp_path, codec):
    info, times, indices = shown(encoded(tmp_path / "b.avi", codec, 60, bf="2", g="30"), 6)
    assert (info.duration_s, len(info.frame_times)) == (pytest.approx(2.4), 60)
    assert times == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8, 2.2])
    assert indices == pytest.approx([25 * time for time in times], abs=1)


def packed(path, count):
    """MPEG-4 in an AVI as DivX 5 packs it: a P-frame and its B-frame in one packet, and one that says 'not coded'."""
    context = av.CodecContext.create("mpeg4", "w")
    context.width, context.height, context.pix_fmt, context.time_base = 160, 96, "yuv420p", Fraction(1, 25)
    context.options = {"b_strategy": "0", "qmax": "4", "g": "24"}
    context.max_b_frames = 1
    packets = []
    for index in range(count):
        image = av.VideoFrame.from_ndarray(np.full((96, 160, 3), grey_of(index), np.uint8), format="rgb24")
        packets += context.encode(image.reformat(format="yuv420p"))
    packets += context.encode(None)
    chunks: list[tuple[bytes, bool]] = []
    for packet, before in zip(packets, [None, *packets], strict=False):
        content = bytes(packet)
        if packet.is_keyframe:
            content = content.replace(b"\0\0\1\xb6", b"\0\0\1\xb2DivX503b1393p\0\0\1\xb6", 1)
        if before is not None and packet.pts < before.pts:
            chunks[-1] = (chunks[-1][0] + content, chunks[-1][1])
            content = b"\0\0\1\xb6\x50\x03\x7f"
        chunks.append((content, packet.is_keyframe))
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for index, (content, is_keyframe) in enumerate(chunks):
            chunk = av.Packet(content)
            chunk.stream, chunk.pts, chunk.dts, chunk.time_base = stream, index, index, Fraction(1, 25)
            chunk.is_keyframe = is_keyframe
            output.mux(chunk)
    return path


def test_packed_b_frames(tmp_path):
    info, times, indices = shown(packed(tmp_path / "divx.avi", 60), 6)
    assert (info.duration_s, len(info.frame_times)) == (pytest.approx(2.4), 60)
    assert times == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8, 2.2], abs=0.05)
    assert indices == pytest.approx([25 * time for time in times], abs=2)


def test_theora_whose_frames_repeat(tmp_path):
    info, times, indices = shown(theora(tmp_path / "clip.ogv"), 99)
    assert (info.width, info.height, info.duration_s) == (64, 48, pytest.approx(2.1))
    assert times == pytest.approx(SHOWN_S) and info.frame_times == pytest.approx(SHOWN_S)
    assert indices == pytest.approx(INDICES, abs=1)
    assert shown(tmp_path / "clip.ogv", 6)[1] == pytest.approx([0.2, 0.5, 0.6, 0.9, 1.5, 1.9])


def tracks(path, *sizes, default):
    """A clip of one track for each size, of which one is the default."""
    with av.open(str(path), "w") as output:
        streams = []
        for place, (width, height) in enumerate(sizes):
            stream = output.add_stream("libx264", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            stream.disposition = av.stream.Disposition(1 if place == default else 0)
            streams.append(stream)
        for index in range(10):
            for stream, size in zip(streams, sizes, strict=True):
                image = np.full((size[1], size[0], 3), grey_of(index), np.uint8)
                output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        for stream in streams:
            output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("container", ["mkv", "mp4"])
def test_the_default_track_is_read(tmp_path, container):
    info, _, indices = shown(tracks(tmp_path / f"two.{container}", (64, 48), (160, 90), default=1), 5)
    assert (info.width, info.height) == (160, 90)
    assert indices == pytest.approx([1, 3, 5, 7, 9], abs=1)
    assert probe(tracks(tmp_path / f"first.{container}", (64, 48), (160, 90), default=0)).width == 64


def test_a_picture_whose_size_changes(tmp_path):
    clip, sizes = tmp_path / "call.webm", [(160, 96), (80, 48), (120, 72)]
    with av.open(str(clip), "w", format="webm") as output:
        stream = output.add_stream("libvpx", rate=25)
        stream.width, stream.height, stream.pix_fmt = *sizes[0], "yuv420p"
        stream.time_base = Fraction(1, 1000)
        for part, (width, height) in enumerate(sizes):
            context = av.CodecContext.create("libvpx", "w")
            context.width, context.height, context.pix_fmt = width, height, "yuv420p"
            context.time_base, context.bit_rate = Fraction(1, 1000), 2_000_000
            context.options = {"deadline": "realtime", "lag-in-frames": "0"}
            for index in range(10):
                image = av.VideoFrame.from_ndarray(picture(width, height), format="rgb24").reformat(format="yuv420p")
                image.pts, image.time_base = 40 * (10 * part + index), Fraction(1, 1000)
                for packet in [*context.encode(image), *(context.encode(None) if index == 9 else [])]:
                    packet.stream, packet.time_base = stream, Fraction(1, 1000)
                    output.mux(packet)
    info = probe(clip)
    frames = list(read_frames(clip, info, sample_times(info, 9)))
    assert [frame.image.shape for frame in frames] == 9 * [(96, 160, 3)]
    assert all(np.abs(frame.image.astype(int) - picture(160, 96)).mean() < 12 for frame in frames)


def test_interlaced_frames_are_made_whole(tmp_path):
    images = []
    for index in range(20):  # a bar moves by 4 pixels from field to field
        woven = np.full((96, 160, 3), 40, np.uint8)
        for field in (0, 1):
            left = 4 * (2 * index + field) % 140
            woven[field::2, left : left + 20] = 220
        images.append(woven)
    options = {"flags": "+ildct+ilme", "x264-params": "tff=1", "crf": "5"}
    clip = encoded(tmp_path / "tv.mp4", size=(160, 96), images=images, **options)
    info = probe(clip)
    for frame in read_frames(clip, info, info.frame_times[4:10]):
        assert np.abs(np.diff(frame.image[4:-4, :, 0].astype(int), axis=0)).mean() < 2  # woven: about 9


def test_words_that_are_not_utf_8_hinder_nothing(tmp_path):
    clip = encoded(tmp_path / "words.mp4", count=10)
    content = clip.read_bytes()
    assert b"VideoHandler" in content
    clip.write_bytes(content.replace(b"VideoHandler", b"Video\xfe\xffndler"))
    assert probe(clip).duration_s == pytest.approx(0.4)
