"""Clips that are odd but valid: each is to be read, with its true size and frames."""

from functools import partial
from pathlib import Path

from explorer import limits
from tests.support.clips import picture, turned
from tests.support.corpus.cases import Case, readable, refused
from tests.support.corpus.encoders import (
    add_sound,
    content_of,
    encode,
    encode_picture,
    encoded,
    in_parallel,
    repeat_packet,
    times_of,
)

HEVC = {"codec": "libx265", "options": {"x265-params": "log-level=none"}}
UNEVEN = [
    0,
    0.1,
    0.11,
    0.5,
    1.5,
    1.6,
    2,
    4,
    4.1,
    4.2,
]  # seconds; the middles of 8 equal parts are nearest to 6: two more
ODD = (63, 65)

# File name -> how its 25 frames of picture() are encoded: each is to come back as that picture, in its own size.
CODECS: dict[str, dict] = {
    "hevc.mp4": HEVC,
    "ten-bit-hevc.mp4": HEVC | {"pixels": "yuv420p10le"},
    "ten-bit-h264.mp4": {"pixels": "yuv420p10le"},
    "hdr-pq-bt2020.mp4": HEVC
    | {"pixels": "yuv420p10le", "color_primaries": 9, "color_trc": 16, "colorspace": 9, "color_range": 1},
    "hdr-hlg-bt2020.mp4": HEVC | {"pixels": "yuv420p10le", "color_primaries": 9, "color_trc": 18, "colorspace": 9},
    "full-range.mp4": {"pixels": "yuvj420p"},
    "chroma-444.mp4": {"pixels": "yuv444p"},
    "chroma-422.mp4": {"pixels": "yuv422p"},
    "alpha-vp9.webm": {"codec": "libvpx-vp9", "container": "webm", "pixels": "yuva420p"},
    "alpha-prores4444.mov": {"codec": "prores_ks", "container": "mov", "pixels": "yuva444p10le"},
    "odd-size-mpeg4.avi": {"codec": "mpeg4", "container": "avi", "size": ODD},
    "odd-size-mjpeg.avi": {"codec": "mjpeg", "container": "avi", "pixels": "yuvj420p", "size": ODD},
    "h263.3gp": {"codec": "h263", "container": "3gp", "size": (176, 144), "sample_aspect_ratio": 1},
    "odd-size.gif": {"codec": "gif", "container": "gif", "pixels": "bgr8", "size": ODD},
    "odd-size-vp9.webm": {"codec": "libvpx-vp9", "container": "webm", "size": ODD},
    "interlaced-mpeg2.ts": {"codec": "mpeg2video", "container": "mpegts", "options": {"flags": "+ildct+ilme"}},
    "interlaced-h264.mp4": {"options": {"x264-params": "tff=1"}},
    "vp8.webm": {"codec": "libvpx", "container": "webm"},
    "vp9.webm": {"codec": "libvpx-vp9", "container": "webm"},
    "av1.webm": {"codec": "libsvtav1", "container": "webm"},
    "av1.mp4": {"codec": "libsvtav1"},
    "h264.mkv": {"container": "matroska"},
    "h264.mov": {"container": "mov"},
    "h264.ts": {"container": "mpegts"},
    "h264.flv": {"container": "flv"},
    "mpeg2.mpg": {"codec": "mpeg2video", "container": "mpeg"},
    "mjpeg.avi": {"codec": "mjpeg", "container": "avi", "pixels": "yuvj420p"},
    "wmv2.wmv": {"codec": "wmv2", "container": "asf"},
    "vp8.ivf": {"codec": "libvpx", "container": "ivf"},
    "fragmented.mp4": {"movflags": "frag_keyframe+empty_moov"},
    "wide-pixels.mp4": {"sample_aspect_ratio": 2},
    "thousand-a-second.mp4": {"rate": 1000, "count": 500},
    "one-a-second.mp4": {"rate": 1, "count": 20},
    "webm-named.mp4": {"codec": "libvpx-vp9", "container": "webm"},
    "gif-named.mp4": {"codec": "gif", "container": "gif", "pixels": "bgr8"},
    "mp4-named.txt": {},
    "avi-named.mov": {"codec": "mpeg4", "container": "avi"},
}
# Read until only the codecs that the promised formats need were let through.
REFUSED: dict[str, dict] = {
    "alpha-qtrle.mov": {"codec": "qtrle", "container": "mov", "pixels": "argb"},
    "alpha-png.mov": {"codec": "png", "container": "mov", "pixels": "rgba"},
    "odd-size-ffv1.avi": {"codec": "ffv1", "container": "avi", "size": ODD},
    "odd-size-raw.avi": {"codec": "rawvideo", "container": "avi", "pixels": "bgr24", "size": ODD},
}


def _codecs() -> list[Case]:
    read = [
        readable(name, partial(encode_picture, **settings), _displayed(settings), shows_picture="hdr" not in name)
        for name, settings in CODECS.items()  # HDR's flags make other colours of the same numbers: test_hdr has them
    ]
    others = [
        refused(name, partial(encode_picture, **settings), f"is in the codec {settings['codec']}, which is not read")
        for name, settings in REFUSED.items()
    ]
    return [*read, *others]


def _displayed(settings: dict) -> tuple[int, int]:
    width, height = settings.get("size", (96, 64))
    return width * settings.get("sample_aspect_ratio", 1), height


def _timing() -> list[Case]:
    picture_at = partial(partial, encode_picture)
    return [
        readable("one-frame.mp4", picture_at(count=1), frames=(1, 1), shows_picture=True),
        readable("two-frames.mkv", picture_at(count=2, container="matroska"), frames=(2, 2), shows_picture=True),
        readable("variable-rate.mp4", picture_at(times=UNEVEN), frames=(8, 8), shows_picture=True),
        readable("variable-rate.mkv", picture_at(times=UNEVEN, container="matroska"), frames=(8, 8)),
        readable("starts-after-ten-hours.ts", picture_at(times=_shifted(36_000), container="mpegts")),
        readable("starts-after-ten-hours.mkv", picture_at(times=_shifted(36_000), container="matroska")),
    ]


def _shifted(seconds: float) -> list[float]:
    return [seconds + time_s for time_s in times_of(25)]


def _sizes() -> list[Case]:
    small, slim, large, vast = (16, 16), (2, 1080), (3840, 2160), (8192, 8192)
    fast = {"options": {"preset": "ultrafast", "threads": "1"}}
    return [
        readable("small.mp4", partial(encode_picture, size=small), small),
        readable("slim.mp4", partial(encode_picture, size=slim), slim),
        readable("as-large-as-allowed.mp4", partial(encode_picture, size=large, count=2, **fast), large, frames=(2, 2)),
        readable("size-changes.ts", _size_changes),
        refused("really-8192x8192.mp4", partial(encode_picture, size=vast, count=1, **fast), "over the limit"),
    ]


def _size_changes(path: Path) -> None:
    """Half a second of 96x64, then of 64x96: H.264 allows it, phones that are turned do it."""
    halves = []
    for size, start in (((96, 64), 0.0), ((64, 96), 0.5)):
        times = [start + time_s for time_s in times_of(13)]
        halves.append(content_of(encode, [picture(*size)] * 13, times, container="mpegts"))
    path.write_bytes(b"".join(halves))


def _streams() -> list[Case]:
    return [
        readable("with-sound.mp4", add_sound, shows_picture=True),
        readable("two-pictures.mp4", lambda path: in_parallel(encoded(), path, "mp4", copies=2)),
        readable("with-sound-and-cover.mp4", partial(add_sound, cover=True), shows_picture=True),
        refused("twenty-pictures.mp4", lambda path: in_parallel(encoded(), path, "mp4", copies=20), "streams"),
        refused("twenty-pictures.mkv", lambda path: in_parallel(encoded(), path, "matroska", copies=20), "streams"),
        refused(
            "more-frames-than-a-clip-may-hold.mp4",
            partial(repeat_packet, count=limits.MAX_CLIP_FRAMES + 1, rate=250),
            "frames",
        ),
        refused("song-with-a-cover.m4a", partial(add_sound, clip=False, cover=True), "only audio"),
    ]


def odd_clips() -> list[Case]:
    """All of them, unwritten."""
    rotated = [
        readable(f"rotated-{degrees}.mp4", partial(turned, degrees=degrees), frames=(5, 5), shows_picture=True)
        for degrees in (0, 90, 180, 270)
    ]
    return [*_codecs(), *_timing(), *_sizes(), *_streams(), *rotated]
