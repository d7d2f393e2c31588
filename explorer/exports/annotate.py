"""The clip again, with faces boxed and every variant's opinion written beside them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from explorer.exports.face_labels import Line, write_label
from explorer.structures import Progress, Report, VariantResult
from explorer.video.decoder import Decoder
from explorer.video.picture import fitted
from explorer.video.writer import ClipWriter

MAX_SIDE = 960  # pixels of the annotated clip
FASTEST_RATE = 30.0  # frames a second of the annotated clip
MAX_LABELLED = 4  # people in one frame whose names of variants find room; of more, the boxes' colours speak


def annotate(source: Path, report: Report, target: Path, colours: dict[str, str]) -> Iterator[Progress]:
    """Write the annotated clip (H.264, no sound) to `target`; between sampled frames boxes and p_fake are interpolated.

    `colours` maps a variant's name to "#rrggbb". Raises UnreadableClip. Closing the generator leaves no file.
    """
    info = report.clip
    scale = fitted(info.width, info.height, MAX_SIDE)[0] / info.width
    tracks = [_Track(report, person) for person in sorted({face.person for face in report.faces})]
    step = max(round(info.fps / FASTEST_RATE), 1)
    times, done = info.frame_times[::step], 0
    with Decoder(source, info.name) as decoder, ClipWriter(target, info.fps / step) as clip:
        decoder.probe()
        for frames in decoder.read(times, MAX_SIDE):
            for frame in frames:
                boxes = [(track, box) for track in tracks if (box := track.box(frame.time_s)) is not None]
                taken = np.array([box * scale for _, box in boxes]).reshape(-1, 4)
                for track, box in boxes:
                    _draw(frame.image, box * scale, [track.p_fake(each, frame.time_s) for each in report.variants])
                for track, box in boxes:
                    lines: list[Line] = [(f"person {track.person}", "")] if len(tracks) > 1 else []
                    if len(boxes) <= MAX_LABELLED:
                        lines += [
                            (f"{each.name} {track.p_fake(each, frame.time_s):.2f}", colours[each.name])
                            for each in report.variants
                            if each.name in colours
                        ]
                    taken = write_label(frame.image, box * scale, taken, lines)
                clip.add(frame.time_s, frame.image)
            done += len(frames)
            yield Progress("drawing the annotated clip", done, len(times))


class _Track:
    """One person's boxes and probabilities, linear between sampled frames; nothing while the face is out of sight."""

    def __init__(self, report: Report, person: int):
        self.person = person
        self.mine = np.array([face.person == person for face in report.faces])
        faces = [face for face in report.faces if face.person == person]
        self.times = np.array([face.time_s for face in faces])
        self.boxes = np.array([face.box for face in faces]).reshape(-1, 4)
        self.reach = 1.01 * report.clip.duration_s / max(report.frames_sampled, 1)  # the spacing of sampled frames

    def box(self, time_s: float) -> np.ndarray | None:
        """xyxy (4,) at this time, or None where the nearest face was seen too long before or after."""
        if not len(self.times) or np.abs(self.times - time_s).min() > self.reach:
            return None
        after = np.searchsorted(self.times, time_s)
        if 0 < after < len(self.times) and self.times[after] - self.times[after - 1] > 2 * self.reach:
            return self.boxes[np.abs(self.times - time_s).argmin()]  # out of sight in between: nobody moves there
        return np.array([np.interp(time_s, self.times, side) for side in self.boxes.T])

    def p_fake(self, result: VariantResult, time_s: float) -> float:
        """The variant's interpolated frame probability."""
        return float(np.interp(time_s, self.times, result.frame_p_fake[self.mine]))


def _draw(image: np.ndarray, box: np.ndarray, p_fake: Sequence[float]) -> None:
    """The box of a face, tinted by what the variants think of it on the mean."""
    x0, y0, x1, y1 = np.rint(box).astype(int).tolist()
    mean = float(np.mean(p_fake)) if len(p_fake) else 0.5
    cv2.rectangle(image, (x0, y0), (x1, y1), _frame_colour(mean), 2, cv2.LINE_AA)


def _frame_colour(p_fake: float) -> tuple[int, int, int]:
    """Blue for real through grey to vermilion for fake: tellable apart by colour-blind eyes."""
    real, middle, fake = np.array((0, 114, 178)), np.array((170, 170, 170)), np.array((213, 94, 0))
    ends = (real, 2 * p_fake) if p_fake < 0.5 else (fake, 2 * (1 - p_fake))
    red, green, blue = (int(x) for x in ends[0] + (middle - ends[0]) * ends[1])
    return red, green, blue
