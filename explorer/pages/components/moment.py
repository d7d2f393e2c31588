"""One moment of a clip: a strip of thumbnails to choose it from, and the frame with what every variant saw in it."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import cv2
import numpy as np

from explorer.exports.face_labels import write_label
from explorer.heatmaps.variant_maps import overlays
from explorer.pages.components.heatmap_grid import picture
from explorer.selection import at_moment, evenly_spaced_indices, moments
from explorer.structures import OpenRunner, Report
from explorer.video.decoder import Decoder

THUMBNAILS = 32
THUMB_WIDTH, FRAME_WIDTH = 64, 480  # pixels


def strip(report: Report) -> str:
    """HTML of up to THUMBNAILS buttons, each a moment of the clip with the first face seen in it."""
    times = moments(report)
    if not len(times):
        return ""
    chosen = times[evenly_spaced_indices(len(times), THUMBNAILS)]
    buttons = []
    for time_s in chosen:
        face = report.faces[at_moment(report, time_s)[0]]
        image = picture(face.crop, f"show the moment at {time_s:.2f} s", f"{time_s:.1f}", THUMB_WIDTH)
        buttons.append(f'<button type="button" data-time="{time_s}">{image}</button>')
    return f'<div class="strip" role="group" aria-label="Moments of the clip">{"".join(buttons)}</div>'


def _picture_at(clip: Path, name: str, time_s: float) -> np.ndarray:
    """The clip's frame at one of its sampled times, (H, W, 3) uint8."""
    with Decoder(clip, name) as decoder:
        decoder.probe()
        return next(frames[0].image.copy() for frames in decoder.read(np.array([time_s])) if frames)


def moment(
    report: Report, clip: Path, time_s: float, runners: Mapping[str, OpenRunner], method: str, layer: str
) -> str:
    """HTML of the sampled frame nearest to a time, faces boxed, beside every variant's heatmaps of them.

    Raises UnreadableClip where the clip is gone, and UnknownOption.
    """
    times = moments(report)
    time_s = times[np.abs(times - time_s).argmin()]
    faces = at_moment(report, time_s)
    image = _picture_at(clip, report.clip.name, time_s)
    thickness = max(image.shape[1] // 240, 2)
    taken = np.array([report.faces[i].box for i in faces]).reshape(-1, 4)
    for box in taken:
        x0, y0, x1, y1 = np.rint(box).astype(int).tolist()
        cv2.rectangle(image, (x0, y0), (x1, y1), (230, 159, 0), thickness)
    scale = FRAME_WIDTH / image.shape[1]  # labels are written at the size at which they are read
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    taken = taken * scale
    for i in faces if len(faces) > 1 else ():
        taken = write_label(image, report.faces[i].box * scale, taken, [(f"person {report.faces[i].person}", "")])
    frame = picture(image, f"frame at {time_s:.2f} s", f"{time_s:.2f} s", FRAME_WIDTH)
    maps_by_variant = [(result, overlays(report, result, faces, runners, method, layer)) for result in report.variants]
    tiles = []
    for column, i in enumerate(faces):
        who = f"person {report.faces[i].person}" if len(faces) > 1 else "crop"
        tiles.append(picture(report.faces[i].crop, who, who))
        for result, maps in maps_by_variant:
            caption = f"{escape(result.name)} {result.frame_p_fake[i]:.2f}"
            tiles.append(picture(maps[column], f"{result.name} at {time_s:.2f} s", caption))
    return f'<div class="moment"><div class="whole">{frame}</div><div class="tiles">{"".join(tiles)}</div></div>'
