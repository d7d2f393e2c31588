"""When the frames of a clip are shown, told from its packets, of which none is decoded."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

import av
import numpy as np

from explorer import limits
from explorer.errors import ClipTooLarge, UnreadableClip

ADVICE = "try an MP4 (H.264) export of it"

LEAP_S = 10.0  # a timestamp farther than this from both its neighbours, which agree with each other, is wrong
RESTART_S = 0.5  # a clock that falls back by more, or in streams for broadcast leaps by LEAP_S, has started again
BROADCAST = ("mpegts", "mpeg")  # containers that may be cut and joined anywhere
GUESSED = "mpeg"  # program streams state few timestamps: those between are right only if read from the beginning
RATE = 25  # frames a second where nothing tells
LAST_FRAME_S = 1.0  # at most, that a clip's last frame counts as shown where the clip does not say how long
REORDERED = ("h264", "hevc")  # codecs whose frames leave the decoder in another order than the packets come

NONE = int(np.iinfo(np.int64).min)  # a timestamp that is missing


@dataclass(frozen=True)
class Timeline:
    """The first shown frame's timestamp, and all times in seconds after it, ascending.

    Keyframes (K,) may lie before 0: an edit list hides what a decoder needs all the same. `stamps` (P,) int64, in
    units of the stream and in the order of all packets, stand where the clip's own cannot be trusted: then it must be
    read from its beginning. NONE among them says that frames are to be counted, one for each of `frame_times`.
    """

    start_s: float
    end_s: float
    frame_times: np.ndarray = field(repr=False)  # (F,)
    keyframe_times: np.ndarray = field(repr=False)  # (K,)
    stamps: np.ndarray | None = field(default=None, repr=False)

    @property
    def gap_s(self) -> float:
        """The mean time from frame to frame; a still counts as one of RATE frames a second."""
        span, count = float(self.frame_times[-1]), len(self.frame_times)
        return span / (count - 1) if count > 1 and span > 0 else 1 / RATE


@dataclass(frozen=True)
class _Packets:
    """What the packets of a stream say, in their order: arrays (P,), NONE for a timestamp that is missing."""

    pts: np.ndarray
    dts: np.ndarray
    duration: np.ndarray
    key: np.ndarray
    shown: np.ndarray
    repeats_end: int = NONE  # when the last of the empty packets is over, each of which repeats the frame before it


def read_timeline(container: av.container.InputContainer, stream: av.VideoStream, name: str) -> Timeline:
    """The timeline of a stream. Raises UnreadableClip where it holds no frame, ClipTooLarge where it holds too many."""
    packets = _packets(container, stream)
    if len(packets.pts) > limits.MAX_CLIP_FRAMES:
        raise ClipTooLarge(
            f"{name} holds more than {limits.MAX_CLIP_FRAMES:,} frames, which is the limit; cut it shorter"
        )
    base = stream.time_base or Fraction(1, 90_000)  # a demuxer always knows it; PyAV's types allow for None
    step = _step(packets, base, stream)
    stamps: np.ndarray | None
    if _counted(packets, container, stream):
        order = _filled(packets.dts, step)
        packets, _ = _continuous(replace(packets, pts=order, dts=order), container.format.name, float(base), step)
        stamps = np.full(len(order), NONE)
    else:
        packets, stamps = _continuous(packets, container.format.name, float(base), step)
    times = np.where(packets.pts == NONE, packets.dts, packets.pts)
    shown = packets.shown & (times != NONE)
    if not shown.any():
        raise UnreadableClip(f"{name} holds no frames; {ADVICE}")
    start = times[shown].min()
    seconds = (times - start) * float(base)
    return Timeline(
        start_s=float(start * base),
        end_s=max(
            _end(seconds[shown], packets.duration[shown] * float(base)),
            float((packets.repeats_end - start) * base) if packets.repeats_end != NONE else 0.0,
        ),
        frame_times=np.sort(seconds[shown]),
        keyframe_times=np.sort(seconds[packets.key & (times != NONE)]),
        stamps=stamps,
    )


def _packets(container: av.container.InputContainer, stream: av.VideoStream) -> _Packets:
    rows, repeats_end = [], NONE
    for packet in container.demux(stream):
        if not packet.size:
            if packet.pts is not None:  # the very last one has none: it ends the stream
                repeats_end = max(repeats_end, packet.pts + (packet.duration or 0))
        else:
            at, decoded_at = (NONE if stamp is None else stamp for stamp in (packet.pts, packet.dts))
            rows.append((at, decoded_at, packet.duration or 0, packet.is_keyframe, not packet.is_discard))
            if len(rows) > limits.MAX_CLIP_FRAMES:
                break
    columns = np.array(rows, np.int64).reshape(-1, 5).T
    key, shown = columns[3:].astype(bool)
    begun = np.cumsum(key) > 0  # what comes before the first keyframe cannot be decoded
    pts, dts, durations, *_ = columns
    return _Packets(pts, dts, durations, key, shown & begun if key.any() else shown, repeats_end)


def _step(packets: _Packets, base: Fraction, stream: av.VideoStream) -> int:
    """The usual time from packet to packet, in units of the stream, at least 1."""
    known = np.flatnonzero(packets.dts != NONE)
    steps = np.diff(packets.dts[known]) / np.diff(known)
    if (steps > 0).any():
        return max(int(np.median(steps[steps > 0])), 1)
    rate = stream.guessed_rate or stream.average_rate or Fraction(RATE)
    return max(round(1 / (rate * base)), 1)


def _counted(packets: _Packets, container: av.container.InputContainer, stream: av.VideoStream) -> bool:
    """Whether packets do not tell when frames are shown: bare streams, program streams that state the time of some
    frames only, and B-frames in AVI, which knows of none."""
    silent = (packets.pts == NONE) & (packets.dts == NONE)
    partly = silent.any() or container.format.name == "avi"
    return bool(silent.all() or (partly and stream.codec_context.name in REORDERED))


def _filled(stamps: np.ndarray, step: int) -> np.ndarray:
    """The timestamps (P,) with each that is missing told from the last known one, else the first, by `step`s."""
    places, known = np.arange(len(stamps)), np.flatnonzero(stamps != NONE)
    if not len(known):
        return places * step
    nearest = known[np.clip(np.searchsorted(known, places, side="right") - 1, 0, None)]
    return stamps[nearest] + (places - nearest) * step


def _continuous(packets: _Packets, container: str, base: float, step: int) -> tuple[_Packets, np.ndarray | None]:
    """The packets on one clock, and their new timestamps where any had to change."""
    pts, dts = packets.pts.copy(), packets.dts.copy()
    for stamps in (pts, dts):
        known = np.flatnonzero(stamps != NONE)
        stamps[known] = _without_leaps(stamps[known], LEAP_S / base, step)
    known = np.flatnonzero(dts != NONE)
    shifts = np.zeros(len(dts), np.int64)
    steps = np.diff(dts[known])
    restarts = steps < -RESTART_S / base
    if container in BROADCAST:
        restarts |= steps > LEAP_S / base
    for index, leap in zip(known[1:][restarts], steps[restarts], strict=True):
        shifts[index:] += step - leap
    for stamps in (pts, dts):
        stamps[stamps != NONE] += shifts[stamps != NONE]
    changed = not (np.array_equal(pts, packets.pts) and np.array_equal(dts, packets.dts)) or container == GUESSED
    return replace(packets, pts=pts, dts=dts), np.where(pts == NONE, dts, pts) if changed else None


def _without_leaps(stamps: np.ndarray, leap: float, step: int) -> np.ndarray:
    """The timestamps (N,) with each that leaps away and back replaced by one `step` after the one before it."""
    stamps = stamps.copy()
    for i in np.flatnonzero(np.abs(np.diff(stamps)) > leap) + 1:
        if i + 1 < len(stamps) and abs(stamps[i + 1] - stamps[i - 1]) < leap < abs(stamps[i] - stamps[i - 1]):
            stamps[i] = stamps[i - 1] + step
    if len(stamps) > 2 and stamps[0] - stamps[1] > leap > abs(stamps[2] - stamps[1]):
        stamps[0] = stamps[1] - step
    return stamps


def _end(seconds: np.ndarray, durations: np.ndarray) -> float:
    """When the last frame is over: after the duration that its packet states, or as long as the others last.

    AVI states one tick of its clock for every packet, however long that is shown: such durations say nothing.
    """
    last, count = seconds.argmax(), len(seconds)
    gap = float(np.median(np.diff(np.sort(seconds)))) if count > 1 else 0.0
    if durations[last] > 0 and np.median(durations) >= gap / 2:
        return float(seconds[last] + durations[last])
    return float(seconds[last]) + (min(float(seconds[last]) / (count - 1), LAST_FRAME_S) if count > 1 else 1 / RATE)
