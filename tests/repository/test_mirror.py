"""Tests lie where the code lies: explorer/faces/tracks.py is tested by tests/explorer/faces/test_tracks.py."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("explorer", "model_zoo", "train")

ENTRIES = ("__init__.py", "__main__.py")  # hold nothing to test

# Modules without a test of their own, which others test on the way. The list may only get shorter.
UNTESTED = {
    "explorer/errors.py",
    "explorer/faces/haar.py",
    "explorer/faces/mtcnn/finder.py",
    "explorer/inference/openvino_graph.py",
    "explorer/pages/compare.py",
    "explorer/pages/components/asset.py",
    "explorer/pages/components/results.py",
    "explorer/pages/components/settings.py",
    "explorer/plots/style.py",
    "explorer/structures.py",
    "explorer/video/worker.py",
    "model_zoo/errors.py",
    "train/dataset/extraction.py",
    "train/dataset/judging.py",
    "train/distill.py",
    "train/errors.py",
    "train/prune.py",
    "train/quantize.py",
    "train/release/golden.py",
    "train/release/qdq.py",
    "train/release/releaser.py",
    "train/studies/runner.py",
    "train/trainer/checkpoints.py",
    "train/trainer/device.py",
    "train/trainer/judge.py",
    "train/trainer/made.py",
    "train/write_cards.py",
}


def modules() -> set[str]:
    """explorer/faces/tracks.py, and all others."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.name not in ENTRIES)
    return {path.relative_to(ROOT).as_posix() for path in paths}


def mirrored() -> dict[str, str]:
    """The module that each test should have, by the test's own path below tests/."""
    paths = [path for package in PACKAGES for path in (ROOT / "tests" / package).rglob("test_*.py")]
    relative = [path.relative_to(ROOT / "tests") for path in paths]
    return {path.as_posix(): path.with_name(path.name.removeprefix("test_")).as_posix() for path in relative}


def test_every_test_has_its_module():
    strays = [test for test, module in mirrored().items() if module not in modules()]
    assert not strays, "there is no such module; tests of several lie in tests/end_to_end or tests/repository"


def test_a_new_module_has_its_test():
    assert not modules() - set(mirrored().values()) - UNTESTED, "write a test beside it; the list only gets shorter"


def test_what_has_a_test_by_now_leaves_the_list():
    assert not UNTESTED - (modules() - set(mirrored().values())), "take these off the list"
