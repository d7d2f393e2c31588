"""Clips in any codec and container, written with PyAV for tests."""

import io
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np

from tests.support.clips import picture

TIME_BASE = Fraction(1, 1000)  # one that every container can keep
RATE = 25


def times_of(count: int, rate: float = RATE) -> list[float]:
    """`count` even times from 0, in seconds."""
    return [index / rate for index in range(count)]


def encode(
    target: Path,
    images: Sequence[np.ndarray],
    times: Sequence[float],
    *,
    codec: str = "libx264",
    container: str = "mp4",
    pixels: str = "yuv420p",
    rate: float = RATE,
    options: dict[str, str] | None = None,
    movflags: str = "",
    **context: object,
) -> None:
    """Write RGB uint8 images (H, W, 3) of one size, shown at `times`; `context` sets the codec's own attributes."""
    settings = {"fflags": "+bitexact"} | ({"movflags": movflags} if movflags else {})
    with av.open(str(target), "w", format=container, options=settings) as output:
        stream = output.add_stream(codec, rate=Fraction(rate).limit_denominator(1001), options=options or {})
        stream.pix_fmt = pixels
        stream.height, stream.width = images[0].shape[:2]
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        even = list(times) == times_of(len(times), rate)
        base = 1 / Fraction(rate).limit_denominator(1001) if even else TIME_BASE
        stream.codec_context.time_base = base
        for image, time_s in zip(images, times, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = round(time_s / base), base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def encode_picture(target: Path, size: tuple[int, int] = (96, 64), count: int = 25, **settings) -> None:
    """A clip of picture() at this width and height."""
    rate = settings.get("rate", RATE)
    times = settings.pop("times", times_of(count, rate))
    encode(target, [picture(*size)] * len(times), times, **settings)


@cache
def encoded(container: str = "mp4", movflags: str = "+faststart", count: int = 50) -> bytes:
    """A good clip of a moving texture, 96x64, the same bytes each time: what damaged copies are made of."""
    texture = np.random.default_rng(0).integers(0, 255, (8, 12 + count, 3), np.uint8)
    large = np.kron(texture, np.ones((8, 8, 1), np.uint8))  # (64, 96 + 8 count, 3)
    images = [large[:, 4 * index : 4 * index + 96] for index in range(count)]
    flags = movflags if container == "mp4" else ""
    steady = {"threads": "1", "x264-params": "mbtree=0"}  # x264's macroblock tree differs from run to run
    return content_of(encode, images, times_of(count), container=container, movflags=flags, options=steady)


def content_of(write: Callable[..., None], *args: object, **settings: object) -> bytes:
    """What `write` would put into a file."""
    with TemporaryDirectory() as folder:  # not in memory: moving an index to the front reads the file again
        path = Path(folder) / "clip"
        write(path, *args, **settings)
        return path.read_bytes()


def in_parallel(content: bytes, target: Path, container: str, copies: int) -> None:
    """The video of a clip as that many tracks of one file."""
    with av.open(io.BytesIO(content)) as source, av.open(str(target), "w", format=container) as output:
        streams = [output.add_stream_from_template(source.streams.video[0]) for _ in range(copies)]
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            for stream in streams:
                copy = av.Packet(bytes(packet))
                for name in ("pts", "dts", "time_base", "duration", "is_keyframe"):
                    setattr(copy, name, getattr(packet, name))
                copy.stream = stream
                output.mux(copy)


def repeat_packet(target: Path, count: int, rate: int) -> None:
    """A clip whose every frame is the same few bytes: cheap to write, however long."""
    still = io.BytesIO(content_of(encode_picture, (16, 16), count=1))
    with av.open(still) as source, av.open(str(target), "w", format="mp4") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        content = bytes(next(source.demux(video=0)))
        for index in range(count):
            packet = av.Packet(content)
            packet.stream, packet.is_keyframe, packet.time_base = stream, True, Fraction(1, rate)
            packet.pts = packet.dts = index
            packet.duration = 1
            output.mux(packet)


def add_sound(target: Path, clip: bool = True, cover: bool = False) -> None:
    """A second of silence, beside the clip of picture() and beside a 32 px cover, as music files have one."""
    with av.open(str(target), "w", format="mp4") as output:
        sound = output.add_stream("aac", rate=44100)
        film = _video(output, "libx264", "yuv420p", picture()) if clip else None
        still = _video(output, "mjpeg", "yuvj420p", np.zeros((32, 32, 3), np.uint8)) if cover else None
        if still:
            still.disposition = av.stream.Disposition.attached_pic
            output.mux([*still.encode(_frame(np.zeros((32, 32, 3), np.uint8))), *still.encode(None)])
        if film:
            output.mux([packet for _ in range(RATE) for packet in film.encode(_frame(picture()))])
            output.mux(film.encode(None))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
        silence.rate = 44100
        output.mux([*sound.encode(silence), *sound.encode(None)])


def _video(output: av.container.OutputContainer, codec: str, pixels: str, image: np.ndarray) -> av.VideoStream:
    stream = output.add_stream(codec, rate=RATE)
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = pixels
    return stream


def _frame(image: np.ndarray) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(image, format="rgb24")
