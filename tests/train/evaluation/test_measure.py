import numpy as np
import pytest

from explorer.video.writer import ClipWriter
from tests.support import fakes
from train.dataset.items import Item
from train.errors import BadData, BadRun
from train.evaluation import measure as evaluation
from train.evaluation.measure import label_in_name, labelled_clips, measure_clips, measure_latencies, measure_split

DARK, BRIGHT = 30, 80  # logits of about -2 and 3 by fakes.runner


def test_the_curves_of_a_split_are_kept():
    items = [Item(str(i), label, "", b"") for i, label in enumerate((0, 0, 1, 1))]
    p_fake = np.array([0.12, 0.62, 0.64, 0.88])
    found = measure_split("test", items, np.log(p_fake / (1 - p_fake)), 0.5)["test"]
    assert found["roc"] == {"false_positive_rate": [0.0, 0.0, 0.0, 1.0], "true_positive_rate": [0.0, 0.5, 1.0, 1.0]}
    assert found["reliability"] == {"p_fake": [0.12, 0.63, 0.88], "fake_rate": [0.0, 0.5, 1.0], "items": [1, 2, 1]}


def test_runners_are_timed_in_turn(monkeypatch):
    spent = {("a", 4): [1.0, 2.0, 3.0], ("b", 4): [10.0, 20.0, 30.0]}
    spent |= {(name, faces): [faces] * 3 for name in "ab" for faces in (1, 16)}
    order = []

    def timed(runner, batches, faces):
        order.append((runner.name, faces))
        return np.array([spent[runner.name, faces].pop(0)])

    monkeypatch.setattr(evaluation, "ROUNDS", 3)
    monkeypatch.setattr(evaluation, "batch_times", timed)
    found = measure_latencies({"a": fakes.runner("a"), "b": fakes.runner("b")})
    assert {name: (cost["median_ms"], cost["iqr_ms"]) for name, cost in found.items()} == {"a": (2, 1), "b": (20, 10)}
    assert {(cost["batch_1_ms"], cost["batch_16_ms"]) for cost in found.values()} == {(1, 16)}
    assert order == [(name, faces) for name in "ab" for faces in (4, 1, 16)] * 3


def test_items_of_one_video_are_averaged():
    items = [Item(video, label, "", b"", category="") for video, label in (("a", 0), ("a", 0), ("b", 1), ("b", 1))]
    p_fake = np.array([0.2, 0.9, 0.6, 0.8])
    found = measure_split("test", items, np.log(p_fake / (1 - p_fake)), 0.5)
    assert (found["test"]["items"], found["test"]["accuracy"]) == (4, 0.75)
    clips = found["test_clips"]  # 0.55 for the real one, 0.7 for the fake one
    assert (clips["items"], clips["accuracy"], clips["auc"]) == (2, 0.5, 1.0)
    assert clips["brier"] == pytest.approx((0.55**2 + 0.3**2) / 2)


def test_manipulations_of_one_video_are_clips_of_their_own():
    kinds = ((0, "youtube"), (1, "FaceSwap"), (1, "FaceSwap"), (1, "Deepfakes"))
    items = [Item("000_003", label, "", b"", category=category) for label, category in kinds]
    found = measure_split("test", items, np.array([-1.0, 1.0, 1.0, 1.0]), 0.5)
    assert {kind: values["items"] for kind, values in found["test_clips"]["per_category"].items()} == {
        "Deepfakes": 1,
        "FaceSwap": 1,
        "youtube": 1,
    }


def clip(path, level):
    path.parent.mkdir(exist_ok=True)
    with ClipWriter(path, 25) as writer:
        for index in range(3):
            writer.add(index / 25, np.full((64, 64, 3), level, np.uint8))


def bright_only(images):
    """A finder that sees a face only where it is light."""
    return [np.array([[8, 8, 40, 46]] if image.mean() > 50 else [], np.float32).reshape(-1, 4) for image in images]


@pytest.mark.parametrize(
    ("name", "label"),
    [("real_face1.mp4", 0), ("fake_ff_003_000.mp4", 1), ("pair_real.mp4", 0), ("pair_fake.mp4", 1), ("FAKE2.mp4", 1)],
)
def test_label_in_name(tmp_path, name, label):
    assert label_in_name(tmp_path / name) == label


@pytest.mark.parametrize("name", ["holiday.mp4", "real_or_fake.mp4"])
def test_names_that_say_neither_or_both(tmp_path, name):
    with pytest.raises(BadData, match=f"{name} does not say"):
        label_in_name(tmp_path / name)


def test_labelled_clips(tmp_path):
    flat, sorted_ = tmp_path / "flat", tmp_path / "sorted"
    for path in (flat / "pair_fake.mp4", flat / "real_1.MOV", flat / "README.md"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert labelled_clips(flat) == [(flat / "pair_fake.mp4", 1), (flat / "real_1.MOV", 0)]
    for path in (sorted_ / "real" / "fake_moustache.mp4", sorted_ / "fake" / "1.webm"):
        path.parent.mkdir(parents=True)
        path.touch()
    assert labelled_clips(sorted_) == [(sorted_ / "real" / "fake_moustache.mp4", 0), (sorted_ / "fake" / "1.webm", 1)]
    (flat / "real_1.MOV").unlink()
    with pytest.raises(BadData, match="not real and fake ones"):
        labelled_clips(flat)
    with pytest.raises(BadData, match="is no folder"):
        labelled_clips(tmp_path / "absent")


@pytest.mark.heavy
def test_whole_clips(tmp_path):
    for name, level in (("real_1", DARK), ("real_2", DARK), ("fake_1", BRIGHT), ("fake_2", DARK)):
        clip(tmp_path / f"{name}.mp4", level)
    found = measure_clips(labelled_clips(tmp_path), {"steady": fakes.runner()}, fakes.everywhere)["steady"]
    assert (found["items"], found["accuracy"], found["no_face"]) == (4, 0.75, 0)
    assert found["auc"] == 0.75  # of four pairs two are in order and two are ties


@pytest.mark.heavy
def test_clips_without_a_face_are_counted_apart(tmp_path):
    for name, level in (("real_1", DARK), ("real_2", 60), ("fake_1", BRIGHT)):
        clip(tmp_path / f"{name}.mp4", level)
    clips, runners = labelled_clips(tmp_path), {"steady": fakes.runner()}
    found = measure_clips(clips, runners, bright_only)["steady"]
    assert (found["items"], found["no_face"]) == (2, 1)
    with pytest.raises(BadData, match="none of 3 clips shows a face"):
        measure_clips(clips, runners, fakes.nowhere)


@pytest.mark.heavy
def test_a_variant_that_fails_on_a_clip_ends_the_measuring(tmp_path, monkeypatch):
    from explorer import pipeline
    from explorer.errors import ExplorerError

    def fail(*_):
        raise ExplorerError("out of order")

    monkeypatch.setattr(pipeline, "run_variant", fail)
    clip(tmp_path / "real.mp4", DARK)
    with pytest.raises(BadRun, match=r"steady failed on real\.mp4: out of order"):
        measure_clips([(tmp_path / "real.mp4", 0)], {"steady": fakes.runner()}, fakes.everywhere)
