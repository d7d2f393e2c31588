"""What a clip's container says beside its pictures: who wrote it, when, with an edit list, at a steady rate or not."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from explorer.origin import Container, text_of
from explorer.structures import ClipInfo
from explorer.video.reader import opened

UNLIKE, OFTEN = (
    0.25,
    0.02,
)  # how far a gap between frames lies off the median one, and what share of them, to be variable
_CREATED = ("com.apple.quicktime.creationdate", "creation_time", "date")
_DEVICE = (
    ("com.apple.quicktime.make", "com.apple.quicktime.model"),
    ("com.android.manufacturer", "com.android.model"),
    ("make", "model"),
)
_WRITTEN_BY = ("encoder", "com.apple.quicktime.software", "software", "writing_application", "handler_name", "comment")
_SOFTWARE = {  # what a name in a tag tells; each is a word that its maker writes
    "Lavf|Lavc": "FFmpeg (also inside of many apps and web services)",
    "HandBrake": "HandBrake",
    "Premiere|Adobe|After Effects": "Adobe's video tools",
    "DaVinci|Blackmagic": "DaVinci Resolve",
    "Final Cut|FCP": "Final Cut Pro",
    "iMovie": "iMovie",
    "CapCut|LVMeta|lemon8": "CapCut",
    "InShot": "InShot",
    "KineMaster": "KineMaster",
    "Vegas": "Vegas",
    "Google|YouTube": "Google or YouTube",
    "vid:v\\w{10,}|TikTok": "TikTok",
    "mkvmerge|libebml": "MKVToolNix",
    "GPAC": "GPAC",
    "OBS": "OBS",
}
_NESTED = (b"moov", b"trak", b"mdia", b"edts")
_MAX_BOXES = 4096
_X264 = re.compile(rb"x26[45][ (][^\0]{0,60}?core \d+|x264 - core \d+|x265 \(build \d+\)")


def read_container(path: Path, info: ClipInfo) -> Container:
    """The facts of a clip that was probed. Raises UnreadableClip where it cannot be opened any more."""
    with opened(path, info.name) as (container, stream):
        tags = {key.lower(): text_of(value) for key, value in (container.metadata | stream.metadata).items()}
        tags |= {key.lower(): text_of(value) for key, value in container.metadata.items()}
        first = next((bytes(packet) for packet in container.demux(stream) if packet.size), b"")
        name, codec = container.format.name, stream.codec_context
        profile = f" ({codec.profile})" if codec.profile else ""
        codec_name = f"{codec.name}{profile}"
    built_in = _X264.search(first[: 1 << 16])
    encoder = [tags.get("encoder"), built_in[0].decode("ascii", "replace") if built_in else None]
    written = " ".join(tags[key] for key in _WRITTEN_BY if key in tags)
    gaps = np.diff(info.frame_times)
    gaps = gaps[gaps > 0]
    return Container(
        format=text_of(tags.get("major_brand", "").strip() or name.split(",")[0]),
        codec=codec_name,
        encoder=", ".join(filter(None, encoder)) or None,
        created=next((tags[key] for key in _CREATED if tags.get(key)), None),
        software=software_in(written),
        device=next((said for keys in _DEVICE if (said := " ".join(tags[k] for k in keys if k in tags))), None),
        edit_list=edit_list_entries(path),
        hidden_s=round(max(0.0, -float(info.keyframe_times.min(initial=0.0))), 3),
        variable_rate=is_variable(gaps),
        lowest_fps=round(float(1 / gaps.max()), 3) if len(gaps) else None,
        highest_fps=round(float(1 / gaps.min()), 3) if len(gaps) else None,
    )


def software_in(written: str) -> tuple[str, ...]:
    """The programs, in plain words, whose names stand in what a file says of who wrote it."""
    return tuple(words for pattern, words in _SOFTWARE.items() if re.search(pattern, written))


def is_variable(gaps: np.ndarray) -> bool:
    """Whether the times (N,) in seconds from frame to frame differ by more than a container's clock makes them."""
    return len(gaps) > 1 and bool((np.abs(gaps / np.median(gaps) - 1) > UNLIKE).mean() > OFTEN)


def edit_list_entries(path: Path) -> int:
    """The entries of the longest edit list in an MP4 or MOV; 0 in any other file, and in one that is damaged there."""
    with path.open("rb") as file:
        return max(_edit_lists(file, path.stat().st_size), default=0)


def _edit_lists(file: BinaryIO, size: int) -> Iterator[int]:
    """The number of entries of each `elst` box; boxes that lie about their size end the walk."""
    ends, looked = [size], 0
    while looked < _MAX_BOXES:
        while ends and file.tell() + 8 > ends[-1]:
            file.seek(ends.pop())
        if not ends:
            return
        start, looked = file.tell(), looked + 1
        length, kind = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0]
        end = start + length if length else ends[-1]
        if end > ends[-1] or end < file.tell():
            return
        if kind == b"elst" and end >= start + 16:
            file.seek(start + 12)
            yield struct.unpack(">I", file.read(4))[0] if end - start < 1 << 20 else 0
        if kind in _NESTED:
            ends.append(end)
        else:
            file.seek(end)
