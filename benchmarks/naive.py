"""The pipeline as one writes it first: the yardstick of benchmarks/ratios.py."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from facenet_pytorch import MTCNN
from pytorch_grad_cam import GradCAM
from pytorch_grad_cam.utils.model_targets import RawScoresOutputTarget
from torch import nn

from explorer.faces.boxes import areas
from explorer.faces.crops import CROP_SIDE, cut_face, resize_crop
from model_zoo.loading import load


class _Column(nn.Module):
    """What pytorch-grad-cam expects of a classifier: a column of scores."""

    def __init__(self, detector: nn.Module):
        super().__init__()
        self.detector = detector

    def forward(self, crops: torch.Tensor) -> torch.Tensor:
        return self.detector(crops.permute(0, 2, 3, 1))[0][:, None]


def analyse_naively(path: Path, variants: Sequence[str], frames: int) -> dict[str, float]:
    """p_fake by variant: every frame retrieved by OpenCV, MTCNN on each sampled one at its full size, eager torch in
    NCHW on one crop after another, and pytorch-grad-cam's map of each."""
    images = _sampled(path, frames)
    finder = MTCNN(keep_all=True, device="cpu")
    crops = []
    for image in images:
        boxes, _ = finder.detect(image)
        if boxes is not None:
            crops.append(cut_face(image, boxes[np.argmax(areas(boxes))], CROP_SIDE))
    return {name: _judged(name, crops) for name in variants}


def _sampled(path: Path, frames: int) -> list[np.ndarray]:
    """RGB frames, evenly out of all of them."""
    clip, images = cv2.VideoCapture(str(path)), []
    while True:
        more, image = clip.read()
        if not more:
            break
        images.append(cv2.cvtColor(image, cv2.COLOR_BGR2RGB))
    clip.release()
    return [images[i] for i in ((np.arange(frames) + 0.5) * len(images) / frames).astype(int)]


def _judged(name: str, crops: list[np.ndarray]) -> float:
    loaded = load(name)
    detector = loaded.network.eval().to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    p_fakes = []
    with GradCAM(model=_Column(detector), target_layers=[detector.network.bn2]) as camera:
        for crop in crops:
            small = torch.from_numpy(resize_crop(crop, loaded.facts.input_size))[None]
            with torch.no_grad():
                p_fakes.append(float(detector(small)[0].sigmoid()))
            camera(small.permute(0, 3, 1, 2).float().requires_grad_(), targets=[RawScoresOutputTarget()])
    return float(np.mean(p_fakes))
