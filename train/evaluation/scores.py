"""What detectors say about encoded crops, each decoded once for all of them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from explorer.faces.crops import resize_crop
from explorer.faces.views import shown_as
from explorer.structures import Runner
from model_zoo.detector import Detector
from train.dataset.clips import Clip
from train.dataset.items import Item
from train.dataset.tubes import Tube

BATCH = 64  # crops


def score_crops(runners: Mapping[str, Runner], crops: Sequence[Callable[[], np.ndarray]]) -> dict[str, np.ndarray]:
    """Logits (N,) by variant; `crops` give (H, W, 3) uint8 each, or slices (T, H, W, 3), resized as in serving. Raises
    what they raise.

    A guest's own margin cannot be cut from crops: it sees what they hold, prepared as it wants it.
    """
    logits: dict[str, list[np.ndarray]] = {name: [] for name in runners}
    shapes = {(runner.input_size, runner.view) for runner in runners.values()}
    for start in range(0, len(crops), BATCH):
        images = [crop() for crop in crops[start : start + BATCH]]
        batches = {
            (size, view): np.stack([shown_as(image, view) if view else _whole(image, size) for image in images])
            for size, view in shapes
        }
        for name, runner in runners.items():
            logits[name].append(runner.run(batches[runner.input_size, runner.view])[0])
    return {name: np.concatenate(parts) if parts else np.empty(0, np.float32) for name, parts in logits.items()}


def score_clips(runners: Mapping[str, Runner], clips: Sequence[Clip]) -> dict[str, list[np.ndarray]]:
    """By variant the logits (T,) of each clip's crops. Raises BadData, naming the clip, where a crop is corrupt."""
    crops = [Item(clip.video, clip.label, clip.video, encoded).pixels for clip in clips for encoded in clip.frames]
    ends = np.cumsum([len(clip.frames) for clip in clips])[:-1]
    return {name: np.split(logits, ends) for name, logits in score_crops(runners, crops).items()}


def score_items(
    run: Callable[[np.ndarray], np.ndarray], items: Sequence[Item | Tube], size: int, batch_size: int = 64
) -> np.ndarray:
    """Logits (N,) of the items, whole crops or slices of them resized as in serving; `run` takes (B, size, size, 3)
    uint8, or (B, T, size, size, 3), and gives (B,).

    Raises BadData, naming the video, where an image is corrupt.
    """
    parts = []
    for start in range(0, len(items), batch_size):
        crops = np.stack([_whole(item.pixels(), size) for item in items[start : start + batch_size]])
        parts.append(run(crops))
    return np.concatenate(parts)


def _whole(pixels: np.ndarray, size: int) -> np.ndarray:
    """A crop (H, W, 3), or those of a slice (T, H, W, 3), with this side."""
    return resize_crop(pixels, size) if pixels.ndim == 3 else np.stack([resize_crop(crop, size) for crop in pixels])


@torch.inference_mode()
def logits_of(detector: Detector, items: Sequence[Item | Tube], size: int, batch_size: int = 64) -> np.ndarray:
    """Logits (N,) of the items by a torch detector; its mode is given back. Raises as score_items does."""
    was_training = detector.training
    detector.eval()
    device = next(detector.parameters()).device

    def run(crops: np.ndarray) -> np.ndarray:
        return detector(torch.from_numpy(crops).to(device))[0].float().cpu().numpy()

    try:
        return score_items(run, items, size, batch_size)
    finally:
        detector.train(was_training)
