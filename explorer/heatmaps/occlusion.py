"""Occlusion sensitivity: what a detector's logit loses where a patch of the face is covered (Zeiler & Fergus, 2014)."""

import numpy as np

from explorer.inference.engines import BATCH_SIZE
from explorer.structures import InferenceFunction, VariantResult

GRIDS = (7, 5, 4)  # patches to a side, the finest that is not too slow
MOST_S = 10.0  # a detector, on the faces that are shown


def passes(grid: int) -> int:
    """How often the network looks at one face: once as it is, then with each patch covered."""
    return grid * grid + 1


def grid_for(result: VariantResult, faces: int) -> int:
    """The finest grid that so many faces can be looked at with; 0 where none can, or nothing is computed here, or of
    slices."""
    if result.ms_per_face is None or result.slices:
        return 0
    one_pass = faces * result.ms_per_face.median / 1e3
    return next((grid for grid in GRIDS if passes(grid) * one_pass <= MOST_S), 0)


def occlusion_maps(run: InferenceFunction, crops: np.ndarray, grid: int) -> np.ndarray:
    """(N, S, S, 3) uint8 -> (N, grid, grid) float32 in logit units: positive where the patch spoke for fake.

    A patch takes the face's mean colour. What it costs is multiplied by the number of patches, so that the maps of a
    network which adds up its places are of the size of its evidence.
    """
    edges = np.linspace(0, crops.shape[1], grid + 1).round().astype(int)
    maps = []
    for crop in crops:
        versions = np.repeat(crop[None], passes(grid), axis=0)
        colour = np.rint(crop.mean((0, 1))).astype(np.uint8)
        for place in range(grid * grid):
            (top, bottom), (left, right) = (edges[at : at + 2] for at in divmod(place, grid))
            versions[place + 1, top:bottom, left:right] = colour
        batches = range(0, len(versions), BATCH_SIZE)
        logits = np.concatenate([run(versions[start : start + BATCH_SIZE])[0] for start in batches])
        maps.append((logits[0] - logits[1:]).reshape(grid, grid) * grid**2)
    return np.stack(maps).astype(np.float32)
