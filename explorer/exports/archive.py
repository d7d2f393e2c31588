"""Everything found out about a clip, in one zip to take away."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import cv2

from explorer.exports.summary_html import as_html
from explorer.heatmaps.variant_maps import FACES_SHOWN, evidence_picture
from explorer.selection import evenly_spaced
from explorer.structures import Report


def write_zip(
    target: Path,
    report: Report,
    content: dict[str, Any],
    colours: dict[str, str],
    *,
    annotated: Path | None = None,
    mosaic: Path | None = None,
) -> Path:
    """Write report.json, frames.csv, summary.html, heatmaps/ and the clips that there are; gives `target` back.

    `content` is the report as_json makes of `report`, `colours` maps a variant's name to "#rrggbb". No name inside
    the zip comes from the clip's own. Raises OSError where `target` cannot be written or a clip cannot be read.
    """
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("report.json", json.dumps(content, indent=2))
        archive.writestr("frames.csv", frames_csv(report))
        page = as_html(content, colours).encode("utf-8", "replace")  # a file's name need not be valid Unicode
        archive.writestr("summary.html", page)
        for name, image in _heatmaps(report):
            archive.writestr(name, image, ZIP_STORED)
        for name, clip in (("annotated.mp4", annotated), ("mosaic.mp4", mosaic)):
            if clip is not None:
                archive.write(clip, name, ZIP_STORED)
    return target


def frames_csv(report: Report) -> str:
    """A row per face: time_s in seconds, person, the box in pixels, then each variant's p_fake.

    Only numbers and the names of variants: nothing that a spreadsheet could take for a formula.
    """
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["time_s", "person", "x0", "y0", "x1", "y1", *(f"p_fake_{row.name}" for row in report.variants)])
    for i, face in enumerate(report.faces):
        box = [round(float(side), 1) for side in face.box]
        opinions = [round(float(result.frame_p_fake[i]), 6) for result in report.variants]
        rows.writerow([round(face.time_s, 4), face.person, *box, *opinions])
    return table.getvalue()


def _heatmaps(report: Report) -> Iterator[tuple[str, bytes]]:
    """Names in the zip, in the order of time when sorted, and PNGs of the evidence over the crop."""
    for result in report.variants:
        for i in evenly_spaced(report, FACES_SHOWN):
            face = report.faces[i]
            overlay = evidence_picture(report, result, i)
            _, encoded = cv2.imencode(".png", cv2.cvtColor(overlay, cv2.COLOR_RGB2BGR))
            yield f"heatmaps/{result.name}_{face.time_s:07.3f}s_person{face.person}.png", encoded.tobytes()
