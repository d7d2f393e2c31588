import os

import av
import cv2
import numpy as np
import pytest

from explorer import limits
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.video.reader import probe, read_frames, sample_times
from tests.support.clips import frameless, grey_ramp, picture, sound_only, turned


def levels(path, count):
    info = probe(path)
    frames = list(read_frames(path, info, sample_times(info, count)))
    return [frame.time_s for frame in frames], [round(float(frame.image.mean()) / 2) for frame in frames]


def test_probe_knows_the_clip(tmp_path):
    info = probe(grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(50)], size=(48, 64)))
    assert (info.name, info.width, info.height) == ("ramp.mp4", 64, 48)
    assert info.fps == pytest.approx(25)
    assert info.duration_s == pytest.approx(2.0)
    assert info.frame_times == pytest.approx(np.arange(50) / 25)


def test_samples_are_even_in_time(tmp_path):
    times, greys = levels(grey_ramp(tmp_path / "ramp.mp4", [i / 25 for i in range(100)]), 4)
    # the middles of four parts of 4 s are 0.5, 1.5, 2.5 and 3.5 s; frames stand every 0.04 s
    assert times == pytest.approx([0.48, 1.48, 2.48, 3.48])
    assert greys == pytest.approx([12, 37, 62, 87], abs=1)


def test_variable_frame_rate_keeps_true_times(tmp_path):
    stamps = [0.0, 0.1, 0.5, 0.6, 1.5, 2.0]
    times, greys = levels(grey_ramp(tmp_path / "vfr.mp4", stamps), 300)
    assert times == pytest.approx(stamps)
    assert greys == pytest.approx(range(6), abs=1)


def test_the_last_frame_lasts_as_long_as_the_clip_says(tmp_path):
    info = probe(grey_ramp(tmp_path / "two.mp4", [0.0, 100.0]))
    assert info.duration_s == pytest.approx(100.04)


def test_long_gops_and_jumps_give_the_same_frames(tmp_path):
    stamps = [i / 25 for i in range(120)]  # more than one group of pictures is skipped between samples
    times, greys = levels(grey_ramp(tmp_path / "long.mp4", stamps), 3)
    assert greys == pytest.approx([time * 25 for time in times], abs=1)


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mov", "libx264"), ("matroska", "libx264"), ("webm", "libvpx-vp9"), ("avi", "mpeg4"), ("mpegts", "libx264")],
)
def test_containers(tmp_path, container, codec):
    path = tmp_path / f"ramp.{container}"
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for index in range(50):
            image = np.full((64, 64, 3), 4 * index, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        output.mux(stream.encode(None))
    times, greys = levels(path, 5)
    assert times == pytest.approx([0.2, 0.6, 1.0, 1.4, 1.8], abs=0.021)
    assert greys == pytest.approx([2 * 25 * time for time in times], abs=3)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_rotated_clips_come_out_upright(tmp_path, degrees):
    path = turned(tmp_path / "phone.mp4", degrees)
    info = probe(path)
    frame = next(read_frames(path, info, sample_times(info, 1)))
    assert (info.width, info.height) == (96, 64)
    assert np.abs(frame.image.astype(int) - picture()).mean() < 6
    _, reference = cv2.VideoCapture(str(path)).read()  # OpenCV applies the display matrix by itself
    assert np.abs(frame.image.astype(int) - reference[..., ::-1]).mean() < 6


def test_real_clips_with_keyframes_are_read_where_asked(real_clips):
    path = real_clips / "fake_uadfv_0048.mp4"  # 76 keyframes: most samples are reached by a jump
    info = probe(path)
    wanted = sample_times(info, 8)
    jumped = list(read_frames(path, info, wanted))
    assert [frame.time_s for frame in jumped] == pytest.approx(wanted.tolist())
    straight = {round(frame.time_s, 4): frame.image for frame in read_frames(path, info, info.frame_times)}
    for frame in jumped:
        assert np.array_equal(frame.image, straight[round(frame.time_s, 4)])


def test_not_a_video(tmp_path):
    path = tmp_path / "page.mp4"
    path.write_text("<html>no video</html>")
    with pytest.raises(UnreadableClip, match=r"page\.mp4 cannot be read as a video"):
        probe(path)


def test_a_playlist_does_not_open_other_files(tmp_path, portrait_clip):
    path = tmp_path / "list.mp4"
    path.write_text(f"ffconcat version 1.0\nfile {portrait_clip}\n")
    with pytest.raises(UnreadableClip):
        probe(path)


def test_audio_only(tmp_path):
    with pytest.raises(UnreadableClip, match="only audio"):
        probe(sound_only(tmp_path / "sound.mp4"))


def test_truncated(tmp_path, portrait_clip):
    path = tmp_path / "half.mp4"
    path.write_bytes(portrait_clip.read_bytes()[:400])
    with pytest.raises(UnreadableClip, match=r"half\.mp4"):
        probe(path)


def test_damaged_in_the_middle_gives_what_can_be_read(tmp_path, portrait_clip):
    content = portrait_clip.read_bytes()  # the index stands first (faststart), so a clip cut short still opens
    path = tmp_path / "cut.mp4"
    path.write_bytes(content[: len(content) * 2 // 3])
    info = probe(path)
    frames = list(read_frames(path, info, sample_times(info, 16)))
    assert 4 <= len(frames) < 16


def test_zero_frames(tmp_path):
    with pytest.raises(UnreadableClip, match=r"empty\.mkv holds no frames"):
        probe(frameless(tmp_path / "empty.mkv"))


def test_empty_and_missing_files(tmp_path):
    (tmp_path / "nothing.mp4").touch()
    with pytest.raises(UnreadableClip):
        probe(tmp_path / "nothing.mp4")
    with pytest.raises(UnreadableClip, match="does not exist"):
        probe(tmp_path / "gone.mp4")


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "endless.mp4").symlink_to("/dev/zero")
    (tmp_path / "folder.mp4").mkdir()
    for path in tmp_path.iterdir():
        with pytest.raises(UnreadableClip, match=rf"{path.name} is no file"):
            probe(path)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_BYTES", 1000, "over the limit of 0 MB"),
        ("MAX_SECONDS", 1, "lasts 2 s"),
        ("MAX_PIXELS", 4095, "64x64"),
    ],
)
def test_limits(tmp_path, monkeypatch, limit, value, words):
    path = grey_ramp(tmp_path / "big.mp4", [i / 25 for i in range(50)])
    monkeypatch.setattr(limits, limit, value)
    with pytest.raises(ClipTooLarge, match=words):
        probe(path)
