"""Clips read with PyAV: what they are, and frames of them with true timestamps, as a player shows them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np

from explorer import limits
from explorer.cores import usable_cores
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.structures import ClipInfo, Frame
from explorer.video.codecs import WHITELIST, restrict
from explorer.video.picture import Renderer, deinterlaced, geometry_of
from explorer.video.sampling import sample_indices
from explorer.video.timeline import ADVICE, NONE, read_timeline

# Containers only: a playlist or a concat text named .mp4 would make the decoder open other files.
FORMATS = "mov,mp4,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,gif,h264,hevc,ivf"
OPTIONS = WHITELIST | {
    "protocol_whitelist": "file",
    "format_whitelist": FORMATS,
    "max_pixels": str(limits.MAX_PIXELS),
}
# Names in a file may be no UTF-8. PyAV 19, for Python 3.12 and later, always lets them pass and takes no such word.
LENIENT: dict[str, Any] = {} if int(av.__version__.split(".")[0]) >= 19 else {"metadata_errors": "replace"}
STILL = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails  # beside a sound or the picture
SKIPPING = ("h264", "hevc")  # codecs whose decoders leave out, when told so, what no other frame refers to
JUMP_FRAMES = 8  # what a jump costs, in frames of pipeline
FIRST_LEAD_S, LONGEST_LEAD_S = 1.0, 16.0  # how much earlier a jump is aimed at that landed late; beyond: the beginning


@contextmanager
def opened(path: Path, name: str, **options: str) -> Iterator[tuple[av.container.InputContainer, av.VideoStream]]:
    """The container and its picture, decoding on all cores; av's errors leave as UnreadableClip."""
    try:
        with av.open(str(path), options=OPTIONS | options, **LENIENT) as container:
            if (streams := len(container.streams)) > limits.MAX_STREAMS:
                raise ClipTooLarge(
                    f"{name} holds {streams} streams, over the limit of {limits.MAX_STREAMS}; keep the picture alone"
                )
            stream = _picture(container, name)
            restrict(stream.codec_context, name)
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = min(usable_cores(), 4)  # memory grows with it
            yield container, stream
    except EOFError as error:
        raise UnreadableClip(f"{name} holds no frames; {ADVICE}") from error
    except av.error.FFmpegError as error:
        raise UnreadableClip(f"{name} cannot be read as a video ({error.strerror or error}); {ADVICE}") from error


def _picture(container: av.container.InputContainer, name: str) -> av.VideoStream:
    """The stream that a player shows: the default one, the first among equals; never a cover or thumbnails."""
    pictures = [stream for stream in container.streams.video if not stream.disposition & STILL]
    if not pictures:
        kind = "only audio" if container.streams.audio else "no video stream"
        raise UnreadableClip(f"{name} holds {kind}; choose a clip with a picture")
    readable = [stream for stream in pictures if stream.codec_context is not None]
    if not readable:
        raise UnreadableClip(f"{name} is cut short or in an unknown codec; {ADVICE}")
    return max(readable, key=lambda stream: bool(stream.disposition & av.stream.Disposition.default))


def check_file(path: Path, name: str) -> None:
    """Raise UnreadableClip where there is no such file, ClipTooLarge where it has too many bytes."""
    if not path.exists():
        raise UnreadableClip(f"{name} does not exist; upload it again")
    if not path.is_file():
        raise UnreadableClip(f"{name} is no file; {ADVICE}")
    if (size := path.stat().st_size) > limits.MAX_BYTES:
        raise ClipTooLarge(
            f"{name} has {size / 1e6:.1f} MB, over the limit of {limits.MAX_BYTES / 1e6:.0f} MB; shorten it"
        )


def probe(path: Path, name: str | None = None) -> ClipInfo:
    """Read the packets' timestamps and decode one frame; nothing else is decoded.

    Raises UnreadableClip (no video, damaged, no frames) or ClipTooLarge (bytes, seconds or pixels over the limits).
    `name` is what messages call the clip.
    """
    path = Path(path)
    name = name or path.name
    check_file(path, name)
    with opened(path, name, ignore_editlist="1") as (container, stream):  # the first frame, though it may be hidden
        _check_pixels(name, stream.width, stream.height)
        first = next((frame for packet in container.demux(stream) for frame in _whole(packet)), None)
        if first is None:
            raise UnreadableClip(f"{name} holds no frames; {ADVICE}")
        geometry = geometry_of(first, stream.sample_aspect_ratio)
        _check_pixels(name, geometry.width, geometry.height)
    with opened(path, name) as (container, stream):
        timeline = read_timeline(container, stream, name)
    if timeline.end_s > limits.MAX_SECONDS:
        seconds = f"{timeline.end_s:.0f} s, over the limit of {limits.MAX_SECONDS} s"
        raise ClipTooLarge(f"{name} lasts {seconds}; cut it shorter")
    return ClipInfo(
        name,
        timeline.end_s,
        geometry.width,
        geometry.height,
        1 / timeline.gap_s,
        timeline.start_s,
        timeline.frame_times,
        timeline.keyframe_times,
        geometry,
        timeline.stamps,
    )


def _check_pixels(name: str, width: int, height: int) -> None:
    if width * height > limits.MAX_PIXELS:
        limit = f"{limits.MAX_PIXELS / 1e6:.1f} megapixels"
        raise ClipTooLarge(f"{name} is {width}x{height}, over the limit of {limit}; scale it down")


def sample_times(info: ClipInfo, count: int) -> np.ndarray:
    """The times (<= count,) of frames spread evenly over the clip, as sample_indices says."""
    return info.frame_times[sample_indices(info.frame_times, info.duration_s, count)]


def read_frames(path: Path, info: ClipInfo, times: np.ndarray, longest: int | None = None) -> Iterator[Frame]:
    """The frames at `times` (ascending, from sample_times), upright RGB; `longest` scales them down as `fitted` says.

    Decodes no more than it must: jumps to keyframes, and leaves out the frames between that nothing refers to. A clip
    damaged in its middle yields what can be read; raises UnreadableClip where nothing can.
    """
    read = 0
    try:
        with opened(path, info.name) as (container, stream):
            if info.geometry is None:
                raise UnreadableClip(f"{info.name} was not probed; {ADVICE}")
            render = Renderer(info.geometry, longest)
            for time_s, frame in _Reading(container, stream, info, times).frames():
                yield Frame(time_s, render(frame))
                read += 1
    except UnreadableClip:
        if not read:
            raise
    if not read:
        raise UnreadableClip(f"no frame of {info.name} could be decoded; {ADVICE}")


class _Reading:
    """The way through a clip, from one time that is wanted to the next."""

    def __init__(
        self, container: av.container.InputContainer, stream: av.VideoStream, info: ClipInfo, times: np.ndarray
    ):
        self.container, self.stream, self.info, self.times = container, stream, info, times
        self.tolerance = max(0.5 * float(np.min(np.diff(info.frame_times), initial=1.0)), 1e-6)
        self.base = stream.time_base or Fraction(1, 90_000)  # a demuxer always knows it; PyAV's types allow for None
        self.upcoming = 0  # the index of the next time that is wanted
        self.lead_s = 0.0  # how much earlier than its keyframe a time is sought

    def frames(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Times and frames, those that are interlaced made whole."""
        position: float | None = 0.0
        while self.upcoming < len(self.times):
            jumped, position, ended = self._jump(position), None, True
            for before, (time_s, frame), after in _with_neighbours(self._timed()):
                if jumped and position is None and self._late(time_s):
                    ended = False
                    break
                position = time_s
                if time_s < self.times[self.upcoming] - self.tolerance:
                    continue
                yield time_s, deinterlaced(before, frame, after()) if frame.interlaced_frame else frame
                self.upcoming = int(np.searchsorted(self.times, time_s + self.tolerance, side="right"))
                if self.upcoming == len(self.times) or self._keyframe_after(time_s) is not None:
                    ended = False
                    break
            if ended and not (jumped and position is None and self._late(np.inf)):
                return

    def _keyframe_after(self, position: float | None) -> float | None:
        """The last keyframe not after the next time that is wanted, where jumping to it from `position` pays.

        Without a position, after a jump that landed late, any jump pays.
        """
        if self.info.stamps is not None:
            return None
        keys = self.info.keyframe_times
        latest = keys[keys <= self.times[self.upcoming] + self.tolerance][-1:] - self.lead_s
        if not len(latest) or (position is not None and latest[0] <= position + JUMP_FRAMES / self.info.fps):
            return None
        return float(latest[0])

    def _jump(self, position: float | None) -> bool:
        key = self._keyframe_after(position)
        if key is None:
            return False
        if self.lead_s > LONGEST_LEAD_S:
            key = float(self.info.keyframe_times[0]) - self.lead_s
        for target in (round((self.info.start_s + key) / self.base), 0):  # AVI knows of no time before its first
            with suppress(av.error.FFmpegError):  # what cannot be sought in is read on from here
                self.container.seek(target, stream=self.stream, backward=True)
                break
        return True

    def _late(self, time_s: float) -> bool:
        """Whether a jump led past the time that is wanted, so that it must be made again from farther back."""
        if time_s <= self.times[self.upcoming] + self.tolerance or self.lead_s > LONGEST_LEAD_S:
            return False
        self.lead_s = max(2 * self.lead_s, FIRST_LEAD_S)
        return True

    def _timed(self) -> Iterator[tuple[float, av.VideoFrame]]:
        """Frames from here on, surely those at the times wanted; others only as far as they are referred to."""
        context, stamps, count = self.stream.codec_context, self.info.stamps, 0
        wanted = self.info.start_s + self.times
        packets = (packet for packet in self.container.demux(self.stream) if packet.size or packet.dts is None)
        for number, packet in enumerate(packets):
            if stamps is not None and number < len(stamps):
                packet.pts = None if stamps[number] == NONE else int(stamps[number])
            if context.name in SKIPPING and packet.pts is not None:
                time_s = float(packet.pts * self.base)
                low, high = np.searchsorted(wanted, (time_s - self.tolerance, time_s + self.tolerance))
                context.skip_frame = "DEFAULT" if low < high else "NONREF"
            for frame in _whole(packet):
                index = min(count, len(self.info.frame_times) - 1)
                time_s = float(self.info.frame_times[index]) if frame.time is None else frame.time - self.info.start_s
                yield time_s, frame
                count += 1


def _with_neighbours(
    timed: Iterator[tuple[float, av.VideoFrame]],
) -> Iterator[tuple[av.VideoFrame | None, tuple[float, av.VideoFrame], Callable[[], av.VideoFrame | None]]]:
    """Each frame, the one before it, and what decodes the one after it, which may be asked once."""
    before: av.VideoFrame | None = None
    ahead: list[tuple[float, av.VideoFrame]] = []

    def after() -> av.VideoFrame | None:
        ahead.extend(islice(timed, 1))
        return ahead[0][1] if ahead else None

    while (current := ahead.pop() if ahead else next(timed, None)) is not None:
        yield before, current, after
        before = current[1]


def _whole(packet: av.Packet) -> list[av.VideoFrame]:
    """The frames that a packet completes; a damaged one costs its own, not those after it."""
    try:
        return packet.decode()
    except av.error.FFmpegError:
        return []
