"""Heatmaps as a grid: a row a variant, a column a frame."""

import base64
from collections.abc import Callable, Mapping
from html import escape

import cv2
import numpy as np

from explorer.crops import resize_crop
from explorer.heatmaps import EVIDENCE, evidence_overlay, gradient_maps, map_overlay
from explorer.structures import Face, Report, Runner, VariantResult

COLUMNS = 8
SHOWN_SIDE = 160  # pixels of one cell's image
_LEGENDS = {
    True: "Class activation map: red speaks for fake, blue for real, on one scale for all; where there is little "
    "evidence the face shows through. Below each image: p_fake of the frame.",
    False: "{method} of pytorch-grad-cam on torch, layer {layer}: brighter weighed more, scaled crop by crop. "
    "Below each image: p_fake of the frame.",
}


def heatmap_grid(
    report: Report, runners: Mapping[str, Callable[[], Runner]], method: str = EVIDENCE, layer: str = "pooled"
) -> str:
    """HTML of the grid for up to COLUMNS frames spread evenly; `runners` opens a variant's runner by name.

    Raises UnknownOption for a method or layer that does not exist.
    """
    if not report.faces or not report.variants:
        return ""
    shown = np.unique(np.linspace(0, len(report.faces) - 1, COLUMNS).round().astype(int))
    faces = [report.faces[i] for i in shown]
    cells = ['<span class="name"></span>', *(f'<span class="time">{face.time_s:.2f} s</span>' for face in faces)]
    cells += ['<span class="name">crop</span>', *(_cell(face.crop, f"face at {face.time_s:.2f} s") for face in faces)]
    for result in report.variants:
        note = "" if method == EVIDENCE or runners[result.name]().detector() else " (int8 has no gradients)"
        cells.append(f'<span class="name">{escape(result.name + note)}</span>')
        overlays = _overlays(faces, result, shown, runners, method, layer)
        for face, overlay, p_fake in zip(faces, overlays, result.frame_p_fake[shown], strict=True):
            cells.append(_cell(overlay, f"{result.name} at {face.time_s:.2f} s", f"{p_fake:.2f}"))
    columns = f"grid-template-columns: max-content repeat({len(faces)}, minmax(64px, 1fr))"
    legend = escape(_LEGENDS[method == EVIDENCE].format(method=method, layer=layer))
    return f'<div class="heat" style="{columns}">{"".join(cells)}</div><p class="small">{legend}</p>'


def _overlays(
    faces: list[Face], result: VariantResult, shown: np.ndarray, runners: Mapping, method: str, layer: str
) -> list[np.ndarray]:
    if method == EVIDENCE:
        return [evidence_overlay(face.crop, result.evidence[i]) for i, face in zip(shown, faces, strict=True)]
    runner = runners[result.name]()
    detector = runner.detector()
    if detector is None:
        return [face.crop for face in faces]
    crops = np.stack([resize_crop(face.crop, runner.input_size) for face in faces])
    maps = gradient_maps(detector, crops, method, layer)
    return [map_overlay(face.crop, heatmap) for face, heatmap in zip(faces, maps, strict=True)]


def _cell(image: np.ndarray, alt: str, caption: str = "") -> str:
    small = cv2.resize(image, (SHOWN_SIDE, SHOWN_SIDE), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])
    source = f"data:image/jpeg;base64,{base64.b64encode(encoded).decode()}"
    return f'<figure><img src="{source}" alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'
