"""Clips read with PyAV: what they are, and frames of them with true timestamps and upright."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import av
import numpy as np

from explorer import limits
from explorer.cores import usable_cores
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.structures import ClipInfo, Frame

# Containers only: a playlist or a concat text named .mp4 would make the decoder open other files.
FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,gif,h264,hevc,ivf"
OPTIONS = {"protocol_whitelist": "file", "format_whitelist": FORMATS, "max_pixels": str(limits.MAX_PIXELS)}
COVER = av.stream.Disposition.attached_pic  # a still in a music file counts as no picture
ADVICE = "try an MP4 (H.264) export of it"
LAST_FRAME_S = 1.0  # at most, that a clip's last frame counts as shown: as long as the others do on average
SKIPPING = ("h264", "hevc")  # codecs whose decoders leave out, when told so, what no other frame refers to


@contextmanager
def _opened(path: Path, name: str) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """The container and its video stream, decoding on all cores; av's errors leave as UnreadableClip."""
    try:
        with av.open(str(path), options=OPTIONS) as container:
            if (streams := len(container.streams)) > limits.MAX_STREAMS:
                raise ClipTooLarge(
                    f"{name} holds {streams} streams, over the limit of {limits.MAX_STREAMS}; keep the picture alone"
                )
            pictures = [stream for stream in container.streams.video if not stream.disposition & COVER]
            if not pictures:
                kind = "only audio" if container.streams.audio else "no video stream"
                raise UnreadableClip(f"{name} holds {kind}; choose a clip with a picture")
            stream = pictures[0]
            if stream.codec_context is None:
                raise UnreadableClip(f"{name} is cut short or in an unknown codec; {ADVICE}")
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = min(usable_cores(), 4)  # memory grows with it
            yield container, stream
    except EOFError as error:
        raise UnreadableClip(f"{name} holds no frames; {ADVICE}") from error
    except av.error.FFmpegError as error:
        raise UnreadableClip(f"{name} cannot be read as a video ({error.strerror or error}); {ADVICE}") from error


def probe(path: Path, name: str | None = None) -> ClipInfo:
    """Read the packets' timestamps and decode one frame; nothing else is decoded.

    Raises UnreadableClip (no video, damaged, no frames) or ClipTooLarge (bytes, seconds or pixels over the limits).
    `name` is what messages call the clip.
    """
    path = Path(path)
    name = name or path.name
    if not path.is_file():
        raise UnreadableClip(f"{name} does not exist; upload it again")
    if (size := path.stat().st_size) > limits.MAX_BYTES:
        raise ClipTooLarge(
            f"{name} has {size / 1e6:.1f} MB, over the limit of {limits.MAX_BYTES / 1e6:.0f} MB; shorten it"
        )
    with _opened(path, name) as (container, stream):
        if stream.width * stream.height > limits.MAX_PIXELS:
            frame, limit = f"{stream.width}x{stream.height}", f"{limits.MAX_PIXELS / 1e6:.1f} megapixels"
            raise ClipTooLarge(f"{name} is {frame}, over the limit of {limit}; scale it down")
        first = next((frame for packet in container.demux(stream) for frame in _whole(packet)), None)
        if first is None:
            raise UnreadableClip(f"{name} holds no frames; {ADVICE}")
        turned = first.rotation % 180 != 0
    start, times, keyframe_times = _timestamps(path, name)
    gap = float(times[-1]) / (len(times) - 1) if len(times) > 1 and times[-1] > 0 else 1 / 25  # a still counts as 40 ms
    duration = float(times[-1]) + min(gap, LAST_FRAME_S)
    if duration > limits.MAX_SECONDS:
        raise ClipTooLarge(f"{name} lasts {duration:.0f} s, over the limit of {limits.MAX_SECONDS} s; cut it shorter")
    width, height = (first.height, first.width) if turned else (first.width, first.height)
    return ClipInfo(name, duration, width, height, 1 / gap, start, times, keyframe_times)


def _timestamps(path: Path, name: str) -> tuple[float, np.ndarray, np.ndarray]:
    """The first presentation time, and those of all frames (F,) and keyframes (K,) in seconds after it, ascending."""
    most = limits.MAX_CLIP_FRAMES
    with _opened(path, name) as (container, stream):
        stamps = [
            (packet.pts if packet.pts is not None else packet.dts, packet.is_keyframe)
            for packet in islice(container.demux(stream), most + 2)  # the last one is empty
        ]
        base = stream.time_base
    stamps = sorted((stamp, key) for stamp, key in stamps if stamp is not None)
    if not stamps:
        raise UnreadableClip(f"{name} holds no frames with a timestamp; {ADVICE}")
    if len(stamps) > most:
        raise ClipTooLarge(f"{name} holds more than {most:,} frames, which is the limit; cut it shorter")
    times = np.array([float((stamp - stamps[0][0]) * base) for stamp, _ in stamps])
    return float(stamps[0][0] * base), times, times[[key for _, key in stamps]]


def sample_times(info: ClipInfo, count: int) -> np.ndarray:
    """The times (<= count,) of the frames nearest to the middles of `count` equal parts of the clip."""
    if count >= len(info.frame_times):
        return info.frame_times
    middles = (np.arange(count) + 0.5) * info.duration_s / count
    after = np.clip(np.searchsorted(info.frame_times, middles), 1, len(info.frame_times) - 1)
    nearer_before = middles - info.frame_times[after - 1] <= info.frame_times[after] - middles
    return info.frame_times[np.unique(after - nearer_before)]


def read_frames(path: Path, info: ClipInfo, times: np.ndarray, longest: int | None = None) -> Iterator[Frame]:
    """The frames at `times` (ascending, from sample_times), upright RGB; `longest` scales them down as `fitted` says.

    Decodes no more than it must: jumps to keyframes, and leaves out the frames between that nothing refers to. A clip
    damaged in its middle yields what can be read; raises UnreadableClip where nothing can.
    """
    tolerance = max(0.5 * float(np.min(np.diff(info.frame_times), initial=1.0)), 1e-6)
    upcoming = 0  # the index of the next time that is wanted; above 0 once a frame was found
    try:
        with _opened(path, info.name) as (container, stream):
            position = 0.0
            while upcoming < len(times):
                _jump(container, stream, info, position, times[upcoming])
                for frame in _decoded(container, stream, info.start_s + times, tolerance):
                    position = position + 1 / info.fps if frame.time is None else frame.time - info.start_s
                    if position < times[upcoming] - tolerance:
                        continue
                    yield Frame(position, _upright(frame, longest))
                    upcoming = int(np.searchsorted(times, position + tolerance, side="right"))
                    if upcoming == len(times) or _keyframe_between(info, position, times[upcoming]):
                        break
                else:
                    break  # the end of the stream
    except UnreadableClip:
        if not upcoming:
            raise
    if not upcoming:
        raise UnreadableClip(f"no frame of {info.name} could be decoded; {ADVICE}")


def _decoded(
    container: av.container.InputContainer, stream: av.VideoStream, times: np.ndarray, tolerance: float
) -> Iterator[av.VideoFrame]:
    """Frames from here on, surely those at the stream's `times`; others only as far as they are referred to."""
    context = stream.codec_context
    for packet in container.demux(stream):
        if context.name in SKIPPING and packet.pts is not None:
            time_s = float(packet.pts * stream.time_base)
            low, high = np.searchsorted(times, (time_s - tolerance, time_s + tolerance))
            context.skip_frame = "DEFAULT" if low < high else "NONREF"
        yield from _whole(packet)


def _whole(packet: av.Packet) -> list[av.VideoFrame]:
    """The frames that a packet completes; a damaged one costs its own, not those after it."""
    try:
        return packet.decode()
    except av.error.InvalidDataError:
        return []


def _keyframe_between(info: ClipInfo, position: float, target: float) -> bool:
    """Whether decoding may start afresh from a keyframe after `position` and not after `target`."""
    keys = info.keyframe_times
    latest = keys[keys <= target]
    return bool(len(latest)) and latest[-1] > position + 8 / info.fps  # a jump costs about 8 frames of pipeline


def _jump(container, stream, info: ClipInfo, position: float, target: float) -> None:
    if _keyframe_between(info, position, target):
        container.seek(round((info.start_s + target) / stream.time_base), stream=stream, backward=True)


def fitted(width: int, height: int, longest: int | None) -> tuple[int, int]:
    """A size with its longer side at most `longest` pixels, both sides even, as H.264 wants them."""
    if longest is None:
        return width, height
    scale = min(1.0, longest / max(width, height))
    return max(2 * round(width * scale / 2), 2), max(2 * round(height * scale / 2), 2)


def _upright(frame: av.VideoFrame, longest: int | None) -> np.ndarray:
    """RGB (H, W, 3) uint8, scaled down, turned as the display matrix says (degrees counter-clockwise)."""
    width, height = fitted(frame.width, frame.height, longest)
    image = frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="AREA")
    return np.ascontiguousarray(np.rot90(image, k=round(frame.rotation / 90) % 4))
