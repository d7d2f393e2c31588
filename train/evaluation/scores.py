"""What detectors say about encoded crops, each decoded once for all of them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from explorer.faces.crops import resize_crop
from explorer.structures import Runner
from train.dataset.clips import Clip
from train.dataset.items import Item

BATCH = 64  # crops


def score_crops(runners: Mapping[str, Runner], crops: Sequence[Callable[[], np.ndarray]]) -> dict[str, np.ndarray]:
    """Logits (N,) by variant; `crops` give (H, W, 3) uint8 each, resized as in serving. Raises what they raise."""
    logits: dict[str, list[np.ndarray]] = {name: [] for name in runners}
    sizes = {runner.input_size for runner in runners.values()}
    for start in range(0, len(crops), BATCH):
        images = [crop() for crop in crops[start : start + BATCH]]
        batches = {size: np.stack([resize_crop(image, size) for image in images]) for size in sizes}
        for name, runner in runners.items():
            logits[name].append(runner.run(batches[runner.input_size])[0])
    return {name: np.concatenate(parts) if parts else np.empty(0, np.float32) for name, parts in logits.items()}


def score_clips(runners: Mapping[str, Runner], clips: Sequence[Clip]) -> dict[str, list[np.ndarray]]:
    """By variant the logits (T,) of each clip's crops. Raises BadData, naming the clip, where a crop is corrupt."""
    crops = [Item(clip.video, clip.label, clip.video, encoded).pixels for clip in clips for encoded in clip.frames]
    ends = np.cumsum([len(clip.frames) for clip in clips])[:-1]
    return {name: np.split(logits, ends) for name, logits in score_crops(runners, crops).items()}
