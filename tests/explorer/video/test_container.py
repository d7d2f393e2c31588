import struct

import av
import numpy as np
import pytest

from explorer.video.container import edit_list_entries, is_variable, read_container
from explorer.video.reader import probe
from tests.support.clips import grey_ramp


def test_a_clip_of_ffmpeg(tmp_path):
    clip = grey_ramp(tmp_path / "a.mp4", [i / 25 for i in range(20)])
    facts = read_container(clip, probe(clip))
    assert (facts.format, facts.codec, facts.edit_list, facts.variable_rate) == ("isom", "h264 (High)", 1, False)
    assert facts.encoder.startswith("Lavf")
    assert "x264 - core" in facts.encoder
    assert facts.software[0].startswith("FFmpeg")
    assert (facts.created, facts.device) == (None, None)
    assert facts.lowest_fps == pytest.approx(25)


def test_a_recording_names_its_device_and_its_editor(tmp_path):
    path = tmp_path / "phone.mov"
    with av.open(str(path), "w") as container:
        container.metadata.update(
            {
                "creation_time": "2026-03-01T10:00:00Z",
                "comment": "made with CapCut",
                "make": "Maker",
                "model": "Phone 9",
            }
        )
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    facts = read_container(path, probe(path))
    assert facts.created.startswith("2026-03-01T10:00:00")
    assert facts.device == "Maker Phone 9"
    assert "CapCut" in facts.software
    assert facts.format == "qt"


def test_an_unsteady_clock_is_a_variable_rate(tmp_path):
    clip = grey_ramp(tmp_path / "vfr.mp4", [0.0, 0.04, 0.08, 0.2, 0.24, 0.5, 0.54])
    facts = read_container(clip, probe(clip))
    assert facts.variable_rate
    assert facts.lowest_fps == pytest.approx(1 / 0.26, rel=0.05)
    assert not is_variable(np.array([0.033, 0.034] * 50))  # milliseconds, as Matroska counts
    assert not is_variable(np.array([]))


def box(kind: bytes, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">I4s", len(content) + 8 if length is None else length, kind) + content


def moov(entries: int, lie: int | None = None) -> bytes:
    elst = box(b"elst", struct.pack(">II", 0, entries) + bytes(12 * min(entries, 4)), lie)
    return box(b"ftyp", b"isom") + box(b"moov", box(b"trak", box(b"edts", elst)))


@pytest.mark.parametrize(
    ("content", "entries"),
    [
        (moov(3), 3),
        (moov(2**32 - 1), 2**32 - 1),
        (moov(3, lie=2**31), 0),  # larger than what holds it
        (moov(3, lie=4), 0),  # smaller than its own head
        (box(b"moov", b"", 1) * 9, 0),
        (box(b"moov", b"") * 9000, 0),
        (b"", 0),
        (b"no boxes at all, just text", 0),
    ],
)
def test_boxes_that_lie_end_the_walk(tmp_path, content, entries):
    path = tmp_path / "boxes.mp4"
    path.write_bytes(content)
    assert edit_list_entries(path) == entries
