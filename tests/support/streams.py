"""Small clips of every container, codec and habit of writers, whose frames say by their grey when they are shown."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

LEVELS = 100  # frames of different greys; then they begin again
FIRST = 40  # the darkest


def grey_of(index: int) -> int:
    """The grey level of a clip's frame."""
    return FIRST + 2 * (index % LEVELS)


def index_of(image: np.ndarray) -> int:
    """The frame, modulo LEVELS, that an image shows."""
    return round((float(image[8:-8, 8:-8].mean()) - FIRST) / 2)


def encoded(
    path: Path,
    codec: str = "libx264",
    count: int = 50,
    *,
    size: tuple[int, int] = (160, 90),
    rate: int = 25,
    times: Sequence[float] | None = None,
    container: str | None = None,
    pix_fmt: str = "yuv420p",
    sample_aspect: Fraction | None = None,
    images: Sequence[np.ndarray] | None = None,
    **options: str,
) -> Path:
    """`count` frames at `times` (else at `rate`), greys or `images`, whose stream's options are ffmpeg's."""
    with av.open(str(path), "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, options=options)
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        stream.codec_context.thread_count = 1
        if sample_aspect:
            stream.codec_context.sample_aspect_ratio = sample_aspect
        if times:
            stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(len(images) if images else count):
            image = images[index] if images else np.full((size[1], size[0], 3), grey_of(index), np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(format=pix_fmt)
            frame.pts = round(1000 * times[index]) if times else index
            frame.time_base = Fraction(1, 1000) if times else Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def show_from(path: Path, seconds: float) -> Path:
    """An MP4's edit list made to show what comes after `seconds` only, as trimming without encoding writes it."""
    content = bytearray(path.read_bytes())
    scale = struct.unpack_from(">I", content, content.index(b"mdhd") + 16)[0]  # version 0
    entry = content.index(b"elst") + 12
    length, start = struct.unpack_from(">Ii", content, entry)
    struct.pack_into(">Ii", content, entry, length - round(1000 * seconds), start + round(scale * seconds))
    path.write_bytes(content)
    return path


def show_through(path: Path, matrix: tuple[int, int, int, int]) -> Path:
    """An MP4's display matrix (a, b, c, d) set."""
    content = bytearray(path.read_bytes())
    a, b, c, d = (value << 16 for value in matrix)
    struct.pack_into(">9i", content, content.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path


def last_frame_lasts(path: Path, seconds: float) -> Path:
    """The delay of a GIF's last frame set."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, content.rindex(b"\x21\xf9\x04") + 4, round(100 * seconds))
    path.write_bytes(content)
    return path
