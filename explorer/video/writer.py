"""H.264 clips that play in browsers, written with PyAV's own x264."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

TIME_BASE = Fraction(1, 90_000)


class ClipWriter:
    """`with ClipWriter(path, fps) as clip: clip.add(time_s, image)`; the file is whole once the block is left.

    Images are RGB uint8 (H, W, 3), all of one even width and height. A block that is left early leaves no
    file, nor does a full disk. x264's threads race each other: by one thread the same images become the same bytes.
    """

    def __init__(self, path: Path, fps: float, threads: int = 0):
        self.path, self.threads = Path(path), threads  # 0: as many as x264 likes
        self.fps = Fraction(fps).limit_denominator(1001)

    def __enter__(self) -> "ClipWriter":
        self.container = av.open(str(self.path), "w", format="mp4", options={"movflags": "+faststart"})
        self.stream = self.container.add_stream("libx264", rate=self.fps, options={"preset": "veryfast", "crf": "23"})
        self.stream.pix_fmt = "yuv420p"
        self.stream.codec_context.time_base = TIME_BASE
        self.stream.codec_context.thread_count = self.threads
        return self

    def add(self, time_s: float, image: np.ndarray) -> None:
        """Append a frame that is shown from `time_s` on; times must ascend."""
        if not self.stream.codec_context.is_open:
            self.stream.height, self.stream.width = image.shape[:2]
        frame = av.VideoFrame.from_ndarray(image, format="rgb24")
        frame.pts, frame.time_base = round(time_s / TIME_BASE), TIME_BASE
        self.container.mux(self.stream.encode(frame))

    def __exit__(self, kind: type | None, *_: object) -> None:
        complete = False
        try:
            if kind is None:
                self.container.mux(self.stream.encode(None))
                self.container.close()
                complete = True
        finally:
            if not complete:
                for _attempt in range(2):  # on a full disk a first close may fail before it lets go of the file
                    with suppress(OSError):
                        self.container.close()
                self.path.unlink(missing_ok=True)
