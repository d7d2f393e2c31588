import numpy as np
import pytest

from tests.support import fakes
from train.dataset.clips import Clip
from train.dataset.items import Item
from train.errors import BadData
from train.evaluation import scores
from train.evaluation.scores import logits_of, score_clips, score_crops, score_items


def test_crops_are_decoded_once_for_all_runners(monkeypatch):
    monkeypatch.setattr(scores, "BATCH", 2)
    decoded = []

    def crop(level):
        decoded.append(level)
        return np.full((64, 64, 3), level, np.uint8)

    crops = [lambda level=level: crop(level) for level in (30, 50, 80)]
    logits = score_crops({"a": fakes.runner("a"), "b": fakes.runner("b")}, crops)
    assert decoded == [30, 50, 80]
    assert {name: of.tolist() for name, of in logits.items()} == {"a": [-2.0, 0.0, 3.0], "b": [-2.0, 0.0, 3.0]}
    assert score_crops({"a": fakes.runner("a")}, [])["a"].shape == (0,)


def test_clips_keep_their_frames_apart_and_a_corrupt_one_is_named():
    dark, bright = fakes.crop(30, 0), fakes.crop(80, 1)
    clips = [Clip(name, 0, "real", "s", "", "", frames) for name, frames in (("a", (dark,)), ("b", (bright, dark)))]
    (first, second) = score_clips({"a": fakes.runner("a")}, clips)["a"]
    assert (len(first), len(second)) == (1, 2)
    assert second[0] > 0 > second[1] and first[0] == second[1]
    with pytest.raises(BadData, match="the crop of c is no readable image"):
        score_clips({"a": fakes.runner("a")}, [Clip("c", 0, "real", "s", "", "", (b"x",))])


def test_any_function_scores_items_in_batches():
    sizes = []

    def run(crops):
        sizes.append(crops.shape)
        return crops[:, 0, 0, 0].astype(np.float32)

    items = [Item(str(i), 0, "", fakes.crop(100, i)) for i in range(5)]
    scored = score_items(run, items, 32, batch_size=2)
    assert sizes == [(2, 32, 32, 3), (2, 32, 32, 3), (1, 32, 32, 3)]
    assert scored.tolist() == [float(item.pixels()[0, 0, 0]) for item in items]


def test_a_detector_gets_its_mode_back_even_after_a_corrupt_image(tiny_detector):
    items = [Item("a", 0, "", fakes.crop(100, 0)), Item("b", 0, "", b"no image")]
    tiny_detector.train()
    assert logits_of(tiny_detector, items[:1], 32).shape == (1,)
    assert tiny_detector.training
    with pytest.raises(BadData, match="the crop of b"):
        logits_of(tiny_detector, items, 32)
    assert tiny_detector.training
