"""Face crops harvested from clips: found, checked, cut, and kept as one part per clip, so that a run can be resumed."""

import hashlib
import json
import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import torch

from explorer.batch.cluster import Cluster
from explorer.errors import ExplorerError
from explorer.faces.boxes import areas, crop_squares, transform_boxes
from explorer.faces.crops import CROP_SIDE, cut_face
from explorer.faces.finders import finder_named
from explorer.faces.mtcnn.finder import mtcnn_scored
from explorer.structures import Frame
from explorer.video.source import probe, read_frames
from model_zoo.files import write_atomically
from train.dataset.layouts import Clip
from train.dataset.sampling import SAMPLINGS, sample_indices

JPEG_QUALITY = 95
BATCH = 8  # frames held at once; a frame of 1080p takes 6 MB
COLUMNS = pa.schema(
    [
        ("video", pa.string()),
        ("label", pa.int64()),  # 1 = fake
        ("original", pa.string()),
        ("category", pa.string()),
        ("time_s", pa.float64()),
        ("width", pa.int64()),  # side of the crop in pixels of the frame, before it was scaled to CROP_SIDE
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    ]
)

# Frames in; the largest face of each out: (4,) float32 xyxy in frame pixels, and the confidence in [0, 1], which is
# None where the detector gives none; or None where there is no face.
Detect = Callable[[Sequence[np.ndarray]], list[tuple[np.ndarray, float | None] | None]]


@dataclass(frozen=True)
class Quality:
    """What a face must have to be kept.

    `smallest`: width of the face box in pixels of the frame. `confidence`: of the detector, in [0, 1]; Haar gives none,
    so there it applies to nothing. `sharpness`: variance of the Laplacian of the crop's grey levels, at CROP_SIDE.
    """

    smallest: float = 64
    confidence: float = 0.9
    sharpness: float = 3  # about 1 % of DFDC's crops lie below it, as many real as fake


@dataclass(frozen=True)
class Settings:
    """All that decides which crops a clip gives. `margin` scales the face box before the shared crop geometry."""

    finder: str = "mtcnn"
    sampling: str = "every-30"
    margin: float = 1.0
    seed: int = 0
    quality: Quality = field(default_factory=Quality)


@dataclass(frozen=True)
class Part:
    """What became of a clip: the crops kept (rows in its parquet), the faces dropped by reason, or why it failed."""

    clip: Clip
    kept: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    unreadable: str | None = None


@cache
def detector_named(name: str) -> Detect:
    """The detector of that name, for the largest face; MTCNN tells its confidence. Raises UnknownOption."""
    if name != "mtcnn":
        find = finder_named(name)
        return lambda images: [(boxes[0], None) if len(boxes) else None for boxes in find(images)]
    return lambda images: [_largest(*found) for found in mtcnn_scored(images)]


def _largest(boxes: np.ndarray, confidences: np.ndarray) -> tuple[np.ndarray, float] | None:
    if not len(boxes):
        return None
    best = int(np.argmax(areas(boxes)))
    return boxes[best], float(confidences[best])


def frames_of(clip: Clip, settings: Settings) -> Iterator[Frame]:
    """The sampled frames of a clip; an image is its own only frame. Raises UnreadableClip or ClipTooLarge."""
    info = probe(clip.path, clip.name)
    rule = SAMPLINGS[settings.sampling].of(clip.label)
    indices = sample_indices(rule, len(info.frame_times), clip.name, settings.seed)
    yield from read_frames(clip.path, info, np.unique(info.frame_times[indices]))


def judged_crop(
    image: np.ndarray, face: tuple[np.ndarray, float | None] | None, settings: Settings
) -> tuple[np.ndarray, int] | str:
    """The crop (CROP_SIDE, CROP_SIDE, 3) uint8 of a face and its side in pixels of the frame, or why it is dropped."""
    if face is None:
        return "no face"
    (box, confidence), quality = face, settings.quality
    if box[2] - box[0] < quality.smallest or areas(box)[0] <= 0:
        return "face too small"
    if confidence is not None and confidence < quality.confidence:
        return "low confidence"
    box = transform_boxes(box, settings.margin, (0, 0))[0]
    crop = cut_face(image, box, CROP_SIDE)
    if cv2.Laplacian(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var() < quality.sharpness:
        return "blurred"
    left, _, right, _ = crop_squares(box)[0]
    return crop, round(float(right - left))


def extract_clip(clip: Clip, settings: Settings, parts: Path, detect: Detect | None = None) -> Part:
    """Write a clip's crops into its part and say what was kept and dropped; a clip that cannot be read leaves no part,
    so the next run tries it again. Raises OSError where the part cannot be written."""
    detect = detect or detector_named(settings.finder)
    rows: list[dict[str, Any]] = []
    dropped: Counter[str] = Counter()
    try:
        frames = frames_of(clip, settings)
        while batch := list(islice(frames, BATCH)):
            for frame, face in zip(batch, detect([frame.image for frame in batch]), strict=True):
                outcome = judged_crop(frame.image, face, settings)
                if isinstance(outcome, str):
                    dropped[outcome] += 1
                else:
                    rows.append(_row(clip, frame.time_s, *outcome))
    except ExplorerError as error:
        return Part(clip, unreadable=str(error))
    table = pa.Table.from_pylist(rows, COLUMNS).replace_schema_metadata({"dropped": json.dumps(dropped)})
    path = part_path(parts, clip)
    with write_atomically(path) as partial:
        parquet.write_table(table, partial, compression="none")  # JPEG does not compress further
    return Part(clip, len(rows), dict(dropped))


def _row(clip: Clip, time_s: float, crop: np.ndarray, width: int) -> dict[str, Any]:
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return {
        "video": clip.name,
        "label": clip.label,
        "original": clip.original,
        "category": clip.category,
        "time_s": time_s,
        "width": width,
        "image": {"bytes": encoded.tobytes(), "path": f"{clip.name}_{time_s:.3f}.jpg"},
    }


def part_path(parts: Path, clip: Clip) -> Path:
    """Where a clip's part lies: a name that people can read, made unique by a hash of the clip's own."""
    readable = re.sub(r"\W+", "_", clip.name)[-60:]
    return Path(parts) / f"{readable}-{hashlib.sha256(clip.name.encode()).hexdigest()[:12]}.parquet"


def read_part(parts: Path, clip: Clip) -> Part | None:
    """What an earlier run noted of a clip; None where there is no part, or a power cut left a damaged one."""
    try:
        facts = parquet.read_metadata(part_path(parts, clip))
    except (FileNotFoundError, pa.ArrowInvalid):
        return None
    return Part(clip, facts.num_rows, json.loads(facts.metadata[b"dropped"]))


def extract_crops(
    clips: Sequence[Clip],
    settings: Settings,
    parts: Path,
    workers: int = 1,
    detect: Detect | None = None,
    cluster: Cluster | None = None,
) -> Iterator[Part]:
    """The parts of the clips as they get done, those of an earlier run first. `detect` stands in for the named finder.

    With one worker all happens in this process; with a cluster on its machines, which all write into one folder. Raises
    OSError where a part cannot be written, BrokenProcessPool where the system ended a worker, and InvalidRequest where
    no cluster answers.
    """
    todo = []
    for clip in clips:
        if part := read_part(parts, clip):
            yield part
        else:
            todo.append(clip)
    if cluster is not None:
        work = partial(_facts_of, settings=settings, parts=parts.resolve(), detect=detect)
        for clip, facts in cluster.spread(todo, work, lambda _, sentence: {"unreadable": sentence}):
            yield Part(clip, **facts)
        return
    if workers == 1:
        yield from (extract_clip(clip, settings, parts, detect) for clip in todo)
        return
    context = multiprocessing.get_context("spawn")  # a fork would inherit the locks of torch's threads
    with ProcessPoolExecutor(workers, context, single_threaded) as pool:
        try:
            jobs = [pool.submit(extract_clip, clip, settings, parts, detect) for clip in todo]
            for job in as_completed(jobs):
                yield job.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # where something failed; otherwise nothing is left


def _facts_of(clip: Clip, settings: Settings, parts: Path, detect: Detect | None) -> dict[str, Any]:
    """What became of a clip on another machine, as JSON knows it."""
    part = extract_clip(clip, settings, parts, detect)
    return {"kept": part.kept, "dropped": part.dropped, "unreadable": part.unreadable}


def single_threaded() -> None:
    """Keep OpenCV and torch to one thread: the clips, not the frames, are spread over the cores."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
