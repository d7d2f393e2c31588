"""Heatmaps as a grid: a row a variant, a column a face."""

from collections.abc import Collection, Mapping
from html import escape

import cv2
import numpy as np

from explorer.faces.crops import resize_crop
from explorer.heatmaps.occlusion import grid_for, passes
from explorer.heatmaps.overlay import EVIDENCE, OCCLUSION
from explorer.heatmaps.variant_maps import overlays, why_no_gradients
from explorer.images import data_uri
from explorer.structures import OpenRunner, Report, VariantResult
from model_zoo.variants import VARIANTS

SHOWN_SIDE = 160  # pixels of one cell's image
NAMES_WIDTH = "9rem"  # at most, where they can be broken: on a phone the faces are beside them
_LEGENDS = {
    EVIDENCE: "Class activation map: red speaks for fake, blue for real, on one scale for all; where there is little "
    "evidence the face shows through. Below each image: p_fake of the frame.",
    OCCLUSION: "Occlusion: what the logit loses where a patch takes the face's mean colour, times the number of "
    "patches; red spoke for fake, blue for real. The network looks at a face once for each patch, and once more. Below "
    "each image: p_fake of the frame.",
    "": "{method} of pytorch-grad-cam on torch, layer {layer}: brighter weighed more, scaled crop by crop. "
    "Below each image: p_fake of the frame.",
}


def heatmap_grid(
    report: Report,
    runners: Mapping[str, OpenRunner],
    faces: Collection[int],
    method: str = EVIDENCE,
    layer: str = "pooled",
) -> str:
    """HTML of the grid for the report's faces with these indices; `runners` opens a variant's runner by name.

    Raises UnknownOption for a method or layer that does not exist.
    """
    if not len(faces) or not report.variants:
        return ""
    indices = np.asarray(faces)
    chosen = [report.faces[i] for i in indices]
    several = len({face.person for face in report.faces}) > 1
    heads = [f"{face.time_s:.2f} s" + (f", person {face.person}" if several else "") for face in chosen]
    cells = ['<span class="name"></span>', *(f'<span class="time">{head}</span>' for head in heads)]
    cells += ['<span class="name">crop</span>']
    crops = [resize_crop(face.crop, SHOWN_SIDE) for face in chosen]
    cells += [picture(crop, f"face at {head}") for crop, head in zip(crops, heads, strict=True)]
    for result in report.variants:
        note = _note(result, runners, method, layer, len(indices))
        cells.append(f'<span class="name">{escape(result.name + note)}</span>')
        maps = overlays(report, result, indices, runners, method, layer, SHOWN_SIDE)
        for head, overlay, p_fake in zip(heads, maps, result.frame_p_fake[indices], strict=True):
            cells.append(picture(overlay, f"{result.name} at {head}", f"{p_fake:.2f}"))
    columns = f"grid-template-columns: fit-content({NAMES_WIDTH}) repeat({len(chosen)}, minmax(64px, {SHOWN_SIDE}px))"
    opening = f'<div class="heat" tabindex="0" role="group" aria-label="heatmaps" style="{columns}">'
    return f"{opening}{''.join(cells)}</div>{legend(method, layer)}"


def _note(result: VariantResult, runners: Mapping[str, OpenRunner], method: str, layer: str, faces: int) -> str:
    """Why a detector's faces are bare, or what looking cost; empty where there is nothing to say."""
    if method == EVIDENCE:
        others = "gradcam, occlusion" if result.name in VARIANTS else "occlusion"
        return "" if result.evidence[0].size else f" (its graph gives none: see {others})"
    if method == OCCLUSION:
        if grid := grid_for(result, faces):
            assert result.ms_per_face
            seconds = passes(grid) * faces * result.ms_per_face.median / 1e3
            return f" ({grid} x {grid} patches, about {seconds:.1f} s)"
        if result.slices:
            return " (it looks at several frames at once: see evidence)"
        return " (too slow here)" if result.ms_per_face else " (computed elsewhere)"
    why = why_no_gradients(result, runners[result.name](), layer)
    return f" ({why})" if why else ""


def legend(method: str, layer: str) -> str:
    """How to read the heatmaps, as HTML."""
    words = _LEGENDS.get(method, _LEGENDS[""]).format(method=method, layer=layer)
    return f'<p class="small">{escape(words)}</p>'


def picture(image: np.ndarray, alt: str, caption: str = "", width: int = SHOWN_SIDE) -> str:
    """A figure of an image (H, W, 3) uint8 scaled to this width, as HTML that needs no file."""
    size = (width, max(round(image.shape[0] * width / image.shape[1]), 1))
    small = image if size == image.shape[1::-1] else cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return f'<figure><img src="{data_uri(small)}" alt="{escape(alt)}"><figcaption>{caption}</figcaption></figure>'
