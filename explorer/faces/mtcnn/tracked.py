"""Faces by MTCNN, followed from frame to frame."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from explorer.faces.boxes import largest_first, longer_squares, relative_transform, transform_boxes
from explorer.faces.crops import cut_square
from explorer.faces.mtcnn.cascade import INPUT_SIDES, centred
from explorer.faces.mtcnn.finder import MIN_CONFIDENCE, mtcnn
from explorer.faces.mtcnn.networks import networks
from explorer.faces.working_size import MIN_FACE_SIDE, scaled

PASSES = 2  # of the last network over a face that is followed: the second starts where the first ended
DETECTION_INTERVAL = 4  # frames: in one of so many, faces are sought everywhere
SHOT_CHANGE = 24.0  # grey levels by which two frames' thumbnails differ on average: another shot
THUMB = (32, 18)  # pixels
STRAY = 1.3  # a face that the last network moves or resizes by more than this factor was no steady one


def mtcnn_tracked() -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
    """MTCNN on the frames of one clip, in their order: the whole cascade now and then, its last network in between.

    The last network, which moves a candidate's box onto its face and judges it, is given the boxes of the frame before.
    The whole cascade runs in one of DETECTION_INTERVAL frames, where the picture changes at once and where a face is
    lost: a newcomer may be seen that much later. How its boxes lie against the last network's own is learnt on the way,
    because detectors are sensitive to a few hundredths of the crop's side.
    """
    networks()  # loaded before anything is timed
    tracker = _Tracker()
    return lambda images: [tracker.next(image) for image in images]


class _Tracker:
    """Faces at working size: where the last network sees them (N, 4), and how the cascade's boxes lie against that."""

    def __init__(self) -> None:
        self.boxes, self.age = np.empty((0, 4), np.float32), 0
        self.thumb: np.ndarray | None = None
        self.transforms: list[np.ndarray] = []  # from the last network's boxes to the cascade's, (4,) each

    def next(self, image: np.ndarray) -> np.ndarray:
        """The faces of the next frame, (N, 4) in its own pixels, the largest first."""
        small, factor = scaled(image)
        thumb = cv2.resize(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), THUMB, interpolation=cv2.INTER_AREA).astype(int)
        if self.thumb is None or np.abs(thumb - self.thumb).mean() > SHOT_CHANGE:
            self.boxes, self.transforms = np.empty((0, 4), np.float32), []
        self.thumb, self.age = thumb, self.age + 1
        refined = _refined(small, self.boxes) if len(self.boxes) and self.age < DETECTION_INTERVAL else None
        if refined is None:
            return largest_first(self._detected(small) * np.float32(factor))
        self.boxes = refined
        scale, shift = np.split(np.mean(self.transforms, axis=0), 2)
        return largest_first(transform_boxes(refined, scale, shift) * np.float32(factor))

    def _detected(self, small: np.ndarray) -> np.ndarray:
        """All faces of the frame (N, 4); those that the last network confirms are followed from here on."""
        detections, self.age = mtcnn([small])[0], 0
        refined = _refined(small, detections) if len(detections) else None
        self.boxes = np.empty((0, 4), np.float32)
        if refined is not None:
            transforms = relative_transform(refined, detections)
            if np.abs(transforms - (1, 1, 0, 0)).max() < STRAY - 1:
                self.boxes = refined
                self.transforms += list(transforms)
        return detections


def _refined(small: np.ndarray, boxes: np.ndarray) -> np.ndarray | None:
    """The boxes (N, 4) moved onto the faces of this frame; None where one of them shows no face."""
    for _ in range(PASSES):
        squares = longer_squares(boxes)
        crops = np.stack([cut_square(small, square, INPUT_SIDES[1]) for square in squares])  # (N, 48, 48, 3)
        offsets, _, confidences = networks().onet(centred(crops.transpose(0, 3, 1, 2)))
        boxes = (squares + offsets * (squares[:, 2:3] - squares[:, :1] + 1)).astype(np.float32)
        if confidences[:, 1].min() < MIN_CONFIDENCE or (boxes[:, 2:] - boxes[:, :2]).min() < MIN_FACE_SIDE / 2:
            return None
    return boxes
