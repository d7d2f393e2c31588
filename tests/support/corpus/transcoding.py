"""The same pictures at the same times in other containers and codecs."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from tests.support.clips import turn

TIME_BASE = Fraction(1, 1000)
RATE = 25  # a hint, save in AVI, which knows no other times


def remux(source: Path, target: Path, container: str, seconds: float) -> None:
    """The first packets of a clip, unchanged, in another container."""
    with av.open(str(source)) as old, av.open(str(target), "w", format=container) as new:
        video = old.streams.video[0]
        stream = new.add_stream_from_template(video)
        for packet in old.demux(video):
            if packet.pts is None or packet.pts * packet.time_base >= seconds:
                continue
            packet.stream = stream
            new.mux(packet)


def pictures(path: Path, seconds: float) -> Iterator[tuple[float, av.VideoFrame]]:
    """The times and frames of a clip's first seconds."""
    with av.open(str(path)) as clip:
        for frame in clip.decode(video=0):
            if frame.time >= seconds:
                return
            yield frame.time, frame


def transcode(
    source: Path,
    target: Path,
    container: str,
    codec: str,
    seconds: float,
    *,
    degrees: int = 0,
    uneven: bool = False,
    **settings: object,
) -> None:
    """Decode and encode again, with the codec's `options` and other settings.

    `degrees` stores the pictures turned, to be shown upright; `uneven` leaves out two of three frames in every other
    half second, as a phone does in bad light.
    """
    base = Fraction(1, RATE) if container == "avi" else TIME_BASE
    with av.open(str(target), "w", format=container) as output:
        stream = None
        for index, (time_s, frame) in enumerate(pictures(source, seconds)):
            if uneven and int(2 * time_s) % 2 and index % 3:
                continue
            stored = turned(frame, degrees)
            if stream is None:
                stream = output.add_stream(codec, rate=RATE, options=settings.pop("options", {}))
                stream.width, stream.height, stream.pix_fmt = stored.width, stored.height, "yuv420p"
                for name, value in {"time_base": base, **_colours(frame), **settings}.items():
                    setattr(stream.codec_context, name, value)
            stored.pts, stored.time_base = round(time_s / base), base
            output.mux(stream.encode(stored))
        output.mux(stream.encode(None))
    if degrees:
        turn(target, degrees)


def _colours(frame: av.VideoFrame) -> dict[str, int]:
    """How numbers stand for colours: written into the copy, too, or a player shows other ones."""
    names = ("colorspace", "color_range", "color_primaries", "color_trc")
    return {name: int(getattr(frame, name)) for name in names}


def turned(frame: av.VideoFrame, degrees: int) -> av.VideoFrame:
    """The frame (yuv420p) turned counter-clockwise, its samples unchanged."""
    planes, height, width = frame.to_ndarray(), frame.height, frame.width  # (3 H / 2, W)
    luma = np.rot90(planes[:height], degrees // 90)
    chroma = np.rot90(planes[height:].reshape(2, height // 2, width // 2), degrees // 90, axes=(1, 2))
    joined = np.concatenate([luma, chroma.reshape(-1, luma.shape[1])])
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(joined), format="yuv420p")
