"""Face finders of other packages, which race where they are installed and never serve."""

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from explorer.faces.boxes import largest_first
from explorer.faces.working_size import MIN_FACE_SIDE

# Frames of one size (H, W, 3) uint8 -> the boxes (N, 4) float32 of each, in their own pixels, the largest first.
Detect = Callable[[list[np.ndarray]], list[np.ndarray]]
FACENET, DLIB, TENSORFLOW = "facenet-pytorch", "dlib", "tensorflow-mtcnn"
HOW_TO_GET = "python -m pip install -r benchmarks/requirements.txt"
_DLIB_MODEL = Path("models") / "mmod_human_face_detector.dat"


@cache
def facenet() -> Detect:
    """facenet-pytorch's MTCNN, on as many frames at once as it is given."""
    from facenet_pytorch import MTCNN

    network = MTCNN(keep_all=True, min_face_size=MIN_FACE_SIDE, device="cpu")

    def detect(images: list[np.ndarray]) -> list[np.ndarray]:
        boxes, _ = network.detect(np.stack(images))
        return [as_boxes(of_a_frame) for of_a_frame in boxes]

    return detect


@cache
def dlib_cnn() -> Detect:
    """dlib's CNN (max-margin object detection, King, 2015); it seeks faces of 80 px and more."""
    import dlib

    network = dlib.cnn_face_detection_model_v1(str(_folder("face_recognition_models") / _DLIB_MODEL))

    def detect(images: list[np.ndarray]) -> list[np.ndarray]:
        found = [[one.rect for one in network(np.ascontiguousarray(image), 0)] for image in images]
        return [as_boxes([(r.left(), r.top(), r.right() + 1, r.bottom() + 1) for r in rects]) for rects in found]

    return detect


@cache
def tensorflow_mtcnn() -> Detect:
    """The package `mtcnn`, TensorFlow's, with its own least face of 20 px: of others it makes scales at which its first
    network fails, which it calls no face."""
    from mtcnn import MTCNN

    network = MTCNN()

    def detect(images: list[np.ndarray]) -> list[np.ndarray]:
        found = network.detect_faces(list(images), box_format="xyxy")
        return [as_boxes([face["box"] for face in faces]) for faces in found]

    return detect


RIVALS: dict[str, tuple[tuple[str, ...], Callable[[], Detect]]] = {  # the packages each needs, and how it is opened
    FACENET: (("facenet_pytorch",), facenet),
    DLIB: (("dlib", "face_recognition_models"), dlib_cnn),
    TENSORFLOW: (("mtcnn", "tensorflow"), tensorflow_mtcnn),
}


def installed() -> list[str]:
    """Those that can race here."""
    return [name for name, (packages, _) in RIVALS.items() if all(map(importlib.util.find_spec, packages))]


def missing_sentence() -> str:
    """Which of them are not installed, and how to get them; "" where all are."""
    here = installed()
    missing = [name for name in RIVALS if name not in here]
    return f"Not installed here: {', '.join(missing)}. `{HOW_TO_GET}` brings them into the race." if missing else ""


def as_boxes(boxes: object) -> np.ndarray:
    """(N, 4) float32, the largest first, of what a package gives; N is 0 where it gives None."""
    empty = boxes is None or len(boxes) == 0  # type: ignore[arg-type]
    return largest_first(np.empty((0, 4), np.float32) if empty else np.asarray(boxes, np.float32).reshape(-1, 4))


def _folder(package: str) -> Path:
    """Where a package lies; importing this one would need pkg_resources."""
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None  # `installed` has seen it
    return Path(spec.origin).parent
