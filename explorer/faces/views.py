"""Faces cut as guests want them, and variants that look at more than the tight crop."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

from explorer.faces.crops import padded_cut
from model_zoo.guest import View


def view_square(box: np.ndarray, margin: float, down: float = 0.0) -> np.ndarray:
    """The square (4,) int, in the same pixels, about a face box (4,): `margin` times its longer side, moved `down` by a
    share of that side."""
    longer = float(max(box[2:] - box[:2]))
    centre, side = (box[:2] + box[2:]) / 2 + (0.0, down * longer), longer * margin
    corner = np.rint(centre - side / 2)
    return np.concatenate([corner, corner + max(round(side), 1)]).astype(int)


def cut_view(image: np.ndarray, box: np.ndarray, view: View) -> np.ndarray:
    """The face in `box` (4,) of a frame (H, W, 3) as (view.side, view.side, 3) uint8; beyond the frame its edge goes
    on."""
    return shown_as(padded_cut(image, view_square(np.asarray(box, np.float64), view.margin, view.down)), view)


def shown_as(picture: np.ndarray, view: View) -> np.ndarray:
    """A square picture (H, H, 3) uint8 scaled and cropped as the guest's own preprocessing does."""
    resampling = Image.Resampling[view.resampling.upper()]
    scaled = np.asarray(Image.fromarray(picture).resize((view.resized, view.resized), resampling))
    start = (view.resized - view.side) // 2
    return np.ascontiguousarray(scaled[start : start + view.side, start : start + view.side])


def views_of(image: np.ndarray, box: np.ndarray, views: Iterable[View]) -> dict[View, np.ndarray]:
    """The face in each of the views."""
    return {view: cut_view(image, box, view) for view in views}
