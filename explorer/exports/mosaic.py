"""The mosaic clip: the evidence of every variant on the same face, side by side."""

from collections.abc import Iterator
from itertools import groupby
from math import ceil, sqrt
from pathlib import Path

import cv2
import numpy as np

from explorer.errors import NoFaceFound
from explorer.faces.crops import CROP_SIDE
from explorer.heatmaps.variant_maps import evidence_picture
from explorer.structures import Progress, Report
from explorer.video.writer import ClipWriter

BORDER, CAPTION, HEADER = 6, 26, 28  # pixels; even in sum, as H.264 wants it
PANEL_WIDTH, PANEL_HEIGHT = CROP_SIDE + 2 * BORDER, CROP_SIDE + 2 * BORDER + CAPTION
_DARK, _WHITE = (24, 24, 24), (245, 245, 245)


def write_mosaic(report: Report, target: Path, colours: dict[str, str]) -> Iterator[Progress]:
    """Write a clip (H.264) of one panel per variant to `target`, a frame for each sampled one that shows a face.

    Each is shown from its own time in the clip on. Where a frame shows several people, the face is that of the one
    suspected most, so that the clip shows what the verdict rests on. `colours` maps a variant's name to "#rrggbb".
    Raises NoFaceFound where there is nothing to show. Closing the generator leaves no file.
    """
    if not report.faces or not report.variants:
        raise NoFaceFound("there is no face, or no variant that ran, to make a mosaic of")
    faces = suspects(report)
    with ClipWriter(target, report.frames_sampled / report.clip.duration_s) as clip:
        for done, i in enumerate(faces):
            clip.add(report.faces[i].time_s, _picture(report, i, colours))
            yield Progress("drawing the mosaic", done + 1, len(faces))


def suspects(report: Report) -> list[int]:
    """For each time of the report's faces the index of one: of the person whose p_fake, over all faces and variants,
    is the highest of those in that frame."""
    opinions = np.mean([result.frame_p_fake for result in report.variants], axis=0)
    people = np.array([face.person for face in report.faces])
    suspicion = {person: opinions[people == person].mean() for person in set(people.tolist())}
    frames = groupby(range(len(people)), key=lambda i: report.faces[i].time_s)
    return [max(frame, key=lambda i: suspicion[report.faces[i].person]) for _, frame in frames]


def _picture(report: Report, i: int, colours: dict[str, str]) -> np.ndarray:
    """One frame of the mosaic (H, W, 3) uint8: time and person above, as square a grid of panels as can be below."""
    face, count = report.faces[i], len(report.variants)
    columns = ceil(sqrt(count))
    rows = ceil(count / columns)
    picture = np.full((HEADER + rows * PANEL_HEIGHT, columns * PANEL_WIDTH, 3), _DARK, np.uint8)
    legend = "   red: fake, blue: real" if columns > 1 else ""  # one panel is too narrow for it
    _write(picture, f"{face.time_s:.2f} s, person {face.person}{legend}", HEADER)
    for panel, result in enumerate(report.variants):
        top, left = HEADER + panel // columns * PANEL_HEIGHT, panel % columns * PANEL_WIDTH
        picture[top : top + PANEL_HEIGHT, left : left + PANEL_WIDTH] = _panel(
            evidence_picture(report, result, i, CROP_SIDE),
            f"{result.name} {result.frame_p_fake[i]:.2f}",
            colours[result.name],
        )
    return picture


def _panel(picture: np.ndarray, caption: str, colour: str) -> np.ndarray:
    """A picture (CROP_SIDE, CROP_SIDE, 3) in a border of the variant's colour, captioned."""
    panel = np.full((PANEL_HEIGHT, PANEL_WIDTH, 3), tuple(bytes.fromhex(colour[1:])), np.uint8)
    inside = slice(BORDER, BORDER + CROP_SIDE)
    panel[inside, inside] = picture
    strip = panel[inside.stop : inside.stop + CAPTION, inside]
    strip[:] = _DARK
    _write(strip, caption, CAPTION)
    return panel


def _write(image: np.ndarray, text: str, line: int) -> None:
    """Text at the left of the image's first line, `line` pixels high."""
    cv2.putText(image, text, (8, line - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _WHITE, 1, cv2.LINE_AA)
