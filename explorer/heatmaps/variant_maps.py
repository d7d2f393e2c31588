"""What each variant of a report saw in its faces, as pictures."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from explorer.faces.crops import resize_crop
from explorer.heatmaps.overlay import EVIDENCE, evidence_overlay, map_overlay
from explorer.structures import OpenRunner, Report, VariantResult

FACES_SHOWN = 8  # of a clip, evenly spaced, in the page, in the API's answer and in the archive


def overlays(
    report: Report,
    result: VariantResult,
    faces: Iterable[int],
    runners: Mapping[str, OpenRunner],
    method: str,
    layer: str,
    crops: Sequence[np.ndarray] | None = None,
) -> list[np.ndarray]:
    """A variant's maps of the faces with these indices, laid over `crops` (S, S, 3) uint8, by default the faces' own;
    the bare crops of a variant that has no gradients where `method` needs them. Raises UnknownOption."""
    own_crops = [report.faces[i].crop for i in faces]
    crops = own_crops if crops is None else crops
    if method == EVIDENCE:
        return [evidence_overlay(crop, result.evidence[i]) for i, crop in zip(faces, crops, strict=True)]
    runner = runners[result.name]()
    detector = runner.detector()
    if detector is None:
        return list(crops)
    from explorer.heatmaps.gradcam import gradient_maps  # torch is loaded where it is needed

    inputs = np.stack([resize_crop(crop, runner.input_size) for crop in own_crops])
    maps = gradient_maps(detector, inputs, method, layer)
    return [map_overlay(crop, heatmap) for crop, heatmap in zip(crops, maps, strict=True)]
