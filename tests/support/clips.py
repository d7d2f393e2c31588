"""Clips that tests make: known pictures, at known times, with a display rotation where wanted."""

import struct
from pathlib import Path

import av
import numpy as np

from explorer.video.writer import ClipWriter

MATRICES = {  # degrees clockwise the player must turn the picture -> a, b, c, d of tkhd's display matrix
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}


def picture(width: int = 96, height: int = 64) -> np.ndarray:
    """An upright picture: red in the top left quarter, blue in the bottom right one, grey elsewhere."""
    image = np.full((height, width, 3), 128, np.uint8)
    image[: height // 2, : width // 2] = (220, 20, 20)
    image[height // 2 :, width // 2 :] = (20, 20, 220)
    return image


def grey_ramp(path: Path, times: list[float], fps: float = 25, size: tuple[int, int] = (64, 64)) -> Path:
    """A clip whose i-th frame, shown at times[i], is evenly grey of level 2 i (modulo 256)."""
    with ClipWriter(path, fps, threads=1) as clip:
        for index, time_s in enumerate(times):
            clip.add(time_s, np.full((*size, 3), 2 * index % 256, np.uint8))
    return path


def frameless(path: Path) -> Path:
    """A well-formed clip with a video stream that holds no frame."""
    with av.open(str(path), "w", format="matroska") as container:  # mp4 would drop the stream
        stream = container.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    return path


def sound_only(path: Path) -> Path:
    """A second of silence, without a picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), format="fltp", layout="mono")
        frame.rate = 44100
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def turned(path: Path, degrees: int) -> Path:
    """A clip of picture(), stored turned and carrying the display matrix that makes it upright again."""
    stored = np.ascontiguousarray(np.rot90(picture(), k=degrees // 90))  # counter-clockwise, what the matrix undoes
    with ClipWriter(path, 25) as clip:
        for index in range(5):
            clip.add(index / 25, stored)
    turn(path, degrees)
    return path


def turn(path: Path, degrees: int) -> None:
    """Write into an MP4 that a player must turn its picture by that many degrees clockwise."""
    content = bytearray(path.read_bytes())
    start = content.index(b"tkhd") + 44  # version 0: the matrix follows 40 bytes of fields and 4 of type
    a, b, c, d = MATRICES[degrees]
    content[start : start + 36] = struct.pack(">9i", a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
