"""Face finders by name: frames in, the faces of each out."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from explorer.boxes import largest_first, place
from explorer.errors import UnknownOption

# Finds the faces of each RGB uint8 frame: (N, 4) float32 xyxy in frame pixels, the largest first; N may be 0.
FindFaces = Callable[[Sequence[np.ndarray]], list[np.ndarray]]

WORKING_SIDE = 640  # frames are scaled to about this many pixels on the longer side before detection
SMALLEST_FACE = 32  # pixels, on the scaled frame
SURE = 0.9  # MTCNN's confidence in a face beside the surest one of its frame

# Haar's square lies differently on the face than MTCNN's box, which the crop geometry is stated for: the median
# relation on clips where both find the same face (benchmarks/finders.py prints it).
HAAR_SCALE = (0.82, 1.10)  # of its width and height
HAAR_SHIFT = (0.0, 0.02)


def _scaled(image: np.ndarray) -> tuple[np.ndarray, float]:
    """The frame at working size, and the factor that leads back to its own pixels."""
    factor = max(image.shape[:2]) / WORKING_SIDE
    if factor <= 1:
        return image, 1.0
    size = (round(image.shape[1] / factor), round(image.shape[0] / factor))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


@cache
def haar() -> FindFaces:
    """OpenCV's Haar cascade (Viola & Jones, CVPR 2001) with the seeds' tuning: a raised scale factor and minimum of
    neighbours, which trade small faces for fewer false positives."""
    cascade = cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"))

    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        found = []
        for image in images:
            small, factor = _scaled(image)
            gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
            rectangles = cascade.detectMultiScale(
                gray, scaleFactor=1.2, minNeighbors=6, minSize=(SMALLEST_FACE, SMALLEST_FACE)
            )
            boxes = np.array([(x, y, x + w, y + h) for x, y, w, h in rectangles], np.float32).reshape(-1, 4)
            found.append(largest_first(place(boxes * factor, HAAR_SCALE, HAAR_SHIFT)))
        return found

    return find


@cache
def mtcnn_scored() -> Callable[[Sequence[np.ndarray]], list[tuple[np.ndarray, np.ndarray]]]:
    """facenet-pytorch's MTCNN (Zhang et al., IEEE SPL 2016), frames of one size batched.

    Gives each frame's faces as boxes (N, 4), in no order, and the network's confidences (N,) in [0, 1].
    """
    import torch  # with facenet-pytorch it takes seconds to load: where it is needed, not at start
    from facenet_pytorch import MTCNN

    network = MTCNN(keep_all=True, min_face_size=SMALLEST_FACE, device="cpu")

    def detect(stack: list[np.ndarray]) -> list[tuple]:
        if min(stack[0].shape[:2]) < SMALLEST_FACE:  # the network's pyramid would be empty, which it does not survive
            return [(None, None)] * len(stack)
        return list(zip(*network.detect(np.stack(stack)), strict=True))

    def find(images: Sequence[np.ndarray]) -> list[tuple[np.ndarray, np.ndarray]]:
        if not len(images):
            return []
        scaled = [_scaled(image) for image in images]
        with torch.inference_mode():
            stacks = [list(group) for _, group in groupby((small for small, _ in scaled), key=np.shape)]
            found = [pair for stack in stacks for pair in detect(stack)]
        return [
            (np.empty((0, 4), np.float32), np.empty(0, np.float32))
            if boxes is None
            else (np.float32(boxes * factor), np.float32(confidences))
            for (boxes, confidences), (_, factor) in zip(found, scaled, strict=True)
        ]

    return find


@cache
def mtcnn() -> FindFaces:
    """MTCNN's faces: the surest of each frame, and those it is sure of."""
    scored = mtcnn_scored()

    def find(images: Sequence[np.ndarray]) -> list[np.ndarray]:
        return [
            largest_first(boxes[confidences >= min(SURE, confidences.max(initial=0))])
            for boxes, confidences in scored(images)
        ]

    return find


FINDERS: dict[str, Callable[[], FindFaces]] = {"mtcnn": mtcnn, "haar": haar}
DEFAULT_FINDER = "mtcnn"


def finder_named(name: str) -> FindFaces:
    """The finder of that name. Raises UnknownOption, listing what there is."""
    if name not in FINDERS:
        raise UnknownOption(f"no face finder named {name!r}; choose one of {', '.join(FINDERS)}")
    return FINDERS[name]()
