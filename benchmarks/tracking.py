"""Faces that are followed against faces that are sought in every frame, on a folder of clips."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from facenet_pytorch import MTCNN

from explorer.faces.boxes import iou, largest_first
from explorer.faces.finders import FindFaces, finder_named
from explorer.faces.working_size import MIN_FACE_SIDE, scaled
from explorer.inference.runners import open_runner
from explorer.pipeline import analyse, report_of
from explorer.structures import Report
from explorer.video.reader import probe, read_frames, sample_times

FRAMES, SHIFT = 32, 5  # frames of a clip; pixels


def against_every_frame(folder: Path, variants: Sequence[str]) -> list[tuple[str, str, str, float]]:
    """Rows for benchmarks/ratios.py: time, overlap, and how far p_fake and verdicts move.

    What MTCNN's own boxes are worth is measured beside it: the same finder on frames moved by SHIFT pixels.
    """
    library = MTCNN(keep_all=True, min_face_size=MIN_FACE_SIDE, device="cpu")
    spent, overlaps, moved, noise, flips = {"every": 0.0, "tracked": 0.0}, [], [], [], 0
    for path in sorted(folder.glob("*.mp4")):
        info = probe(path)
        small = [scaled(frame.image)[0].copy() for frame in read_frames(path, info, sample_times(info, FRAMES))]
        expected = finder_named("mtcnn")(small)
        library.detect(small[0])
        began = perf_counter()
        for image in small:
            library.detect(image)
        spent["every"] += perf_counter() - began
        began = perf_counter()
        detections = finder_named("mtcnn-tracked")(small)
        spent["tracked"] += perf_counter() - began
        overlaps += [_overlap(*pair) for pair in zip(expected, detections, strict=True) if len(pair[0])]
        every, tracked, shifted = (_judged(path, finder, variants) for finder in _FINDERS.values())
        moved += _changes(every, tracked)
        noise += _changes(every, shifted)
        flips += sum(a.verdict != b.verdict for a, b in zip(every.variants, tracked.variants, strict=True))
    beside = f"MTCNN in every frame, {len(moved)} pairs of clip and variant"
    jitter = f"moving the frames by {SHIFT} px moves MTCNN's"
    return [
        ("face finding with tracking", "MTCNN at 640 px frame by frame (times faster)", ">= 6", _ratio(spent)),
        ("its boxes, mean IoU", beside, ">= 0.9", float(np.mean(overlaps))),
        ("clip p_fake, mean change", beside, "<= 0.02", float(np.mean(moved))),
        (f"clip p_fake, mean change: {jitter}", beside, "", float(np.mean(noise))),
        ("clip p_fake, largest change", beside, "<= 0.02", float(np.max(moved))),
        (f"clip p_fake, largest change: {jitter}", beside, "", float(np.max(noise))),
        ("verdicts that differ", beside, "0", float(flips)),
    ]


def _shifted(images: Sequence[np.ndarray]) -> list[np.ndarray]:
    """MTCNN on the frames with SHIFT pixels more at the left and top."""
    padded = [np.pad(image, ((SHIFT, 0), (SHIFT, 0), (0, 0)), mode="edge") for image in images]
    return [boxes - np.float32(SHIFT) for boxes in finder_named("mtcnn")(padded)]


_FINDERS: dict[str, Callable[[], FindFaces]] = {
    "mtcnn": partial(finder_named, "mtcnn"),
    "tracked": partial(finder_named, "mtcnn-tracked"),
}
_FINDERS["shifted"] = lambda: _shifted


def _judged(path: Path, finder: Callable[[], FindFaces], variants: Sequence[str]) -> Report:
    return report_of(analyse(path, {name: partial(open_runner, name) for name in variants}, finder(), frames=FRAMES))


def _overlap(expected: np.ndarray, detections: np.ndarray) -> float:
    """IoU of the largest box wanted with the best of those found."""
    first = largest_first(expected)[:1]
    return float(iou(np.repeat(first, len(detections), axis=0), detections).max(initial=0))


def _changes(first: Report, second: Report) -> list[float]:
    return [abs((a.p_fake or 0.0) - (b.p_fake or 0.0)) for a, b in zip(first.variants, second.variants, strict=True)]


def _ratio(spent: dict[str, float]) -> float:
    return spent["every"] / spent["tracked"]
