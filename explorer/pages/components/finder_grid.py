"""Frames with the boxes of both finders, as HTML."""

import numpy as np

from explorer.faces.rivals import DLIB, FACENET, TENSORFLOW
from explorer.finder_race import SAME_FACE, FinderRace, best_overlaps
from explorer.images import thumbnail
from explorer.selection import evenly_spaced_indices
from explorer.structures import Frame

MAX_FRAMES_SHOWN = 6
SHOWN_SIDE = 480  # pixels
TITLES = {
    "mtcnn": "MTCNN",
    "mtcnn-tracked": "MTCNN, followed",
    "haar": "Haar",
    FACENET: "facenet-pytorch's MTCNN",
    DLIB: "dlib's CNN",
    TENSORFLOW: "TensorFlow's MTCNN",
}
# Okabe & Ito's blue and orange, also told apart by the line: colour, dashes in pixels, whether the label is on top.
_STYLES = {"mtcnn": ("#0072B2", "none", True), "haar": ("#E69F00", "8 5", False)}


def finder_grid(race: FinderRace) -> str:
    """HTML of up to MAX_FRAMES_SHOWN frames evenly spaced, each with both finders' boxes and a caption."""
    cells = "".join(
        _cell(race, race.frames[i], {name: boxes[i] for name, boxes in race.boxes.items() if name in _STYLES})
        for i in evenly_spaced_indices(len(race.frames), MAX_FRAMES_SHOWN)
    )
    legend = f"Solid blue: MTCNN. Dashed orange: Haar. Both at {race.shown_px} px, the size the explorer works at."
    return f'<div class="grid">{cells}</div><p class="small">{legend}</p>'


def _cell(race: FinderRace, frame: Frame, boxes: dict[str, np.ndarray]) -> str:
    size = (race.clip.width, race.clip.height)
    all_boxes = [(name, box) for name, its_boxes in boxes.items() for box in its_boxes]
    drawn = "".join(_casing(box) for _, box in all_boxes) + "".join(_box(name, box, size) for name, box in all_boxes)
    caption = f"{frame.time_s:.2f} s: {misses(boxes['mtcnn'], boxes['haar'])}"
    picture = f'<image href="{thumbnail(frame.image, SHOWN_SIDE)}" width="{size[0]}" height="{size[1]}"/>'
    return (
        f'<figure><svg viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{caption}">{picture}{drawn}</svg>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _place(box: np.ndarray) -> str:
    x0, y0, x1, y1 = (float(value) for value in box)
    return f'x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}"'


def _casing(box: np.ndarray) -> str:
    """What lets a box show on any picture; it lies under all boxes, so that none hides another."""
    return f'<rect {_place(box)} stroke="#fff" stroke-width="5"/>'


def _box(name: str, box: np.ndarray, size: tuple[int, int]) -> str:
    """A finder's rectangle and its label, in pixels of the clip, which measures `size`."""
    colour, dashes, on_top = _STYLES[name]
    letter = max(size) / 26
    baseline = max(box[1] - letter / 2, letter) if on_top else min(box[3] + 1.1 * letter, size[1] - letter / 3)
    return (
        f'<rect {_place(box)} stroke="{colour}" stroke-width="3" stroke-dasharray="{dashes}"/>'
        f'<text x="{box[0]:.1f}" y="{baseline:.1f}" font-size="{letter:.1f}" font-weight="700" fill="{colour}" '
        f'stroke="#fff" stroke-width="{letter / 4:.1f}" paint-order="stroke">{TITLES[name]}</text>'
    )


def misses(mtcnn: np.ndarray, haar: np.ndarray) -> str:
    """What the finders make of one frame, their boxes (N, 4) and (M, 4), in words."""
    if not len(mtcnn) and not len(haar):
        return "neither finds a face"
    missed = int(np.sum(best_overlaps(mtcnn, haar) < SAME_FACE))
    alone = int(np.sum(best_overlaps(haar, mtcnn) < SAME_FACE))
    sentences = [f"Haar misses {_faces(missed, len(mtcnn))} MTCNN finds"] if missed else []
    sentences += [f"MTCNN misses {_faces(alone, len(haar))} Haar finds"] if alone else []
    return ", ".join(sentences) or f"both find {'the face' if len(mtcnn) == 1 else f'the same {len(mtcnn)} faces'}"


def _faces(count: int, total: int) -> str:
    return "the face that" if count == total == 1 else f"{count} of {total} faces that"
