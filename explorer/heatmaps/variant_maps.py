"""What each detector of a report saw in its faces, as pictures."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from explorer.errors import UnknownOption
from explorer.faces.crops import resize_crop
from explorer.heatmaps.occlusion import grid_for, occlusion_maps
from explorer.heatmaps.overlay import EVIDENCE, OCCLUSION, evidence_overlay, map_overlay
from explorer.structures import Face, OpenRunner, Report, Runner, VariantResult
from model_zoo.architectures import LAYERS

FACES_SHOWN = 8  # of a clip, evenly spaced, in the page, in the API's answer and in the archive


def seen_by(result: VariantResult, face: Face, side: int | None = None) -> np.ndarray:
    """The face as this detector saw it, (S, S, 3) uint8: a guest's own cut; `side` pixels wide, if that is given."""
    crop = face.views.get(result.view, face.crop) if result.view else face.crop
    return crop if side is None or side == len(crop) else resize_crop(crop, side)


def evidence_picture(report: Report, result: VariantResult, i: int, side: int | None = None) -> np.ndarray:
    """The evidence in face `i` laid over what the detector saw of it; the bare face where its graph has none."""
    crop, evidence = seen_by(result, report.faces[i], side), result.evidence[i]
    return evidence_overlay(crop, evidence) if evidence.size else crop


def overlays(
    report: Report,
    result: VariantResult,
    faces: Iterable[int],
    runners: Mapping[str, OpenRunner],
    method: str,
    layer: str,
    side: int | None = None,
) -> list[np.ndarray]:
    """A detector's maps of the faces with these indices, laid over what it saw, `side` pixels wide; the bare faces
    where `method` needs gradients, or evidence, and it has none. Raises UnknownOption."""
    chosen = [int(i) for i in faces]
    if method == EVIDENCE:
        return [evidence_picture(report, result, i, side) for i in chosen]
    crops = [seen_by(result, report.faces[i], side) for i in chosen]
    runner = runners[result.name]()
    if method == OCCLUSION:
        return _occluded(report, result, chosen, runner, crops)
    if why_no_gradients(result, runner, layer):
        return crops
    from explorer.heatmaps.gradcam import gradient_maps  # torch is loaded where it is needed

    inputs = np.stack([seen_by(result, report.faces[i], runner.input_size) for i in chosen])
    maps = gradient_maps(runner.detector(), inputs, method, layer)
    return [map_overlay(crop, heatmap) for crop, heatmap in zip(crops, maps, strict=True)]


def why_no_gradients(result: VariantResult, runner: Runner, layer: str) -> str:
    """Why pytorch-grad-cam has nothing to show of a detector; empty where it has. Raises UnknownOption."""
    if layer not in LAYERS:
        raise UnknownOption(f"no layer named {layer!r}; choose one of {', '.join(LAYERS)}")
    if runner.clip_length > 1:
        return f"it looks at {runner.clip_length} frames at once: see evidence"
    detector = runner.detector()
    if detector is None:
        return "int8 has no gradients" if result.view is None else "a guest gives no gradients"
    return "" if layer in detector.kind.layers else f"it has no layer {layer}, but {', '.join(detector.kind.layers)}"


def _occluded(
    report: Report, result: VariantResult, chosen: Sequence[int], runner: Runner, crops: list[np.ndarray]
) -> list[np.ndarray]:
    """The maps of occlusion over these crops; the bare ones where it would take too long."""
    grid = grid_for(result, len(chosen))
    if not grid:
        return crops
    seen = np.stack([seen_by(result, report.faces[i], runner.input_size) for i in chosen])
    maps = occlusion_maps(runner.run, seen, grid)
    return [evidence_overlay(crop, heatmap) for crop, heatmap in zip(crops, maps, strict=True)]
